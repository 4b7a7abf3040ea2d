/** Where the workspace's name goes. */
const NAME = '<name>';

/** The part of the default `bellwether.yaml` that describes a product and its sources: yours to replace. */
export function productYaml(name: string): string {
  return PRODUCT_YAML.replaceAll(NAME, () => name);
}

const PRODUCT_YAML = `# yaml-language-server: $schema=./bellwether.schema.json
#
# The model of <name>: which accounts there are, what they do, and what you do about it.
# Everything here may be changed. \`bellwether check\` tells you what is wrong or missing, with line and column;
# \`bellwether plan\` shows who would move before you apply a change.
version: 1
name: <name>
currency: USD                       # in which money is counted
timezone: UTC                       # of the people who work with it: pages and due dates
grain: account                      # or parent, to work whole groups of companies

# ---------------------------------------------------------------------------------------------------------------------
# SOURCES. Where facts come from. \`bellwether import --dry-run\` shows what a file would give.
# columns: our name on the left; on the right a column of the file, a 'constant' in quotes, or arithmetic.
# covers_from and complete_through say which time a source covers, where the file's own first and last day do not.
# ---------------------------------------------------------------------------------------------------------------------
sources:
  - { table: accounts, path: data/accounts.csv, format: csv }
  - { table: users, path: data/users.csv, format: csv }
  - { table: events, path: data/events.csv, format: csv }
  - { table: contracts, path: data/contracts.csv, format: csv }
  - { table: tickets, path: data/tickets.csv, format: csv }
  - { table: nps, path: data/nps.csv, format: csv }
  - { table: needs, path: data/needs.csv, format: csv }

# The ideal customer profile decides who is eligible. It predicts nothing. Customers outside it are worked all the same
# and marked; evidence leaves them out.
icp:
  when: employees between 20 and 5000 and industry in ('fintech', 'saas', 'retail', 'logistics')

# ---------------------------------------------------------------------------------------------------------------------
# PRODUCT. What people do in it. Name actions that mean something; logins and page views are proxies.
# core: the reason to buy; advanced: for experts; entry: where everybody starts; help; integration.
# ---------------------------------------------------------------------------------------------------------------------
taxonomy:
  features:
    workspace: { events: [workspace_created, workspace_configured], entry: true }
    connections: { events: [data_connected, data_refreshed], core: true }
    reporting: { events: [report_opened, report_created, report_exported], core: true }
    dashboards: { events: [dashboard_created, dashboard_viewed], core: true }
    sharing: { events: [report_shared, comment_added] }
    alerts: { events: [alert_created, alert_fired] }
    automations: { events: [automation_created, automation_run], core: true, advanced: true }
    api: { events: [api_key_created, api_called], advanced: true }
    integrations: { events: [integration_enabled, integration_synced], integration: true }
    administration: { events: [user_invited, role_changed, audit_log_opened], advanced: true }
    help: { events: [help_article_opened, chatbot_answered], help: true }
  workflows:
    weekly_report: { steps: [report_created, report_shared, report_exported], within_days: 7 }
    alert_to_automation: { steps: [alert_created, automation_created], within_days: 14 }
  proxies: [login, page_viewed]     # activity, but never a milestone
  ignore: [heartbeat]               # nothing at all

activation:
  account_sequence: [workspace_created, data_connected, report_exported]   # reached by anyone in the account
  user_sequence: [report_opened, report_created, report_exported]          # what each person can do alone
  # Exactly one milestone is primary. The others are hypotheses under test and move nobody.
  milestones:
    first_export: { event: report_exported, within_days: 14, primary: true }
    invited_three: { event: user_invited, count: 3 }
    team_of_three: { event: report_created, users: 3, within_days: 30 }
    report_routine: { workflow: weekly_report, within_days: 30 }

# Your own signals. They stand beside the shipped ones everywhere (\`bellwether signals list\`).
signals:
  exports_14d:
    entity: account
    measure: count
    of: report_exported
    where: properties.status = 'success'
    window_days: 14
    meaning: Reports exported without an error in two weeks
  api_gb_30d: { entity: account, measure: sum, of: api_called, property: gigabytes, window_days: 30 }
  feature_breadth_14d: { like: feature_breadth_30d, window_days: 14 }

# Attributes beyond the columns that every account and user has, so that conditions on them can be checked.
traits:
  plan_family: { entity: account, type: string }

# Internal, test and demo traffic: counted in the import report, in no signal.
exclude:
  users: email like '%@acme.example'
  accounts: name like 'Test %'

# What customers hire the product for; four to six. The codebook helps whoever codes an interview; features tell
# whether the need is met in use.
jobs:
  reporting:
    label: Report to management without a data team
    codebook: [board report, monthly numbers, management asks for]
    features: [reporting, sharing]
  monitoring:
    label: Notice at once when a number moves
    codebook: [alert, notice too late, keep an eye on]
    features: [alerts, dashboards]
  workflow_automation:
    label: Let routine work run by itself
    codebook: [by hand every week, automate, repetitive]
    features: [automations, api]
  platform:
    label: One place for all teams' numbers
    codebook: [single source, all departments, governance]
    features: [dashboards, integrations, administration]
  customer_facing:
    label: Show customers their own numbers
    codebook: [embed, our clients want, white label]
    features: [api, sharing]
`;
