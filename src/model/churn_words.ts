/** Names of traits of an account that tell of churn, as a regular expression over lower case. */
export const CHURN_TRAIT = '^(is_)?churn(ed)?(_?(date|flag|on|at))?$';

/** Names of events that tell that an account left, as a regular expression over lower case. */
export const CHURN_EVENT =
  '^((account|customer|subscription|contract|plan)[ _-]?)?(churn(ed)?|cancell?ed|cancellation|terminated)$';

/** Values by which a trait says no. */
export const SAYS_NO: readonly string[] = ['', '0', 'false', 'no', 'n'];
