import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open.ts';
import { Failure } from '../model/failure.ts';
import { audited, type Findings } from '../people/audit-log.ts';
import { changeOperator, type Operator, type OperatorChange, operatorByEmail } from '../people/operator.ts';
import { DATA_FOLDER, MODEL_FILE } from '../pipeline/workspace.ts';
import type { Answer, Context } from './command.ts';

/** Where `serve` listens where nobody says otherwise. */
const USUAL_ORIGIN = 'http://127.0.0.1:8321';

/** Opens the ledger of a workspace and nothing else of it; it is closed after the answer. Refuses `no-model`. */
export async function openPeople({ directory, engines, onClose }: Context): Promise<Ledger> {
  if (!existsSync(join(directory, MODEL_FILE))) {
    throw new Failure('no-model', `There is no workspace at ${directory}. Name another one with --workspace.`);
  }
  const ledger = await openLedger({ directory: join(directory, DATA_FOLDER), url: engines.ledgerUrl });
  onClose(() => ledger.close());
  return ledger;
}

/**
 * Does something that a person at the machine asked for, and writes it down in the audit log as theirs: that it is about to
 * happen, and how it went. What cannot be written down is not done.
 */
export function doneHere<T>(
  { clock, user }: Context,
  ledger: Ledger,
  { action, subject }: { readonly action: string; readonly subject: string },
  work: (note: (findings: Findings) => void) => Promise<T>,
): Promise<T> {
  const act = { by: 'system', who: user, action, subject, ipAddress: null } as const;
  const outcomeOf = (error: unknown) => (error instanceof Failure && !error.isRetryable ? 'refused' : 'failed');
  return audited({ ledger, clock: () => clock().getTime() }, act, work, outcomeOf);
}

/** The operator with an address; refuses `unknown-operator`. */
export async function operatorCalled(ledger: Ledger, email: string): Promise<Operator> {
  const operator = await operatorByEmail(ledger, email.trim());
  if (operator !== null) return operator;
  throw new Failure('unknown-operator', `There is no operator ${email}. \`bellwether people\` lists everybody.`);
}

/** Changes an operator by address, as the commands of people do. */
export async function changeHere(
  context: Context,
  email: string,
  change: OperatorChange,
  sentence: (operator: Operator) => string,
): Promise<Answer> {
  const ledger = await openPeople(context);
  const { operatorId } = await operatorCalled(ledger, email);
  const changed = await doneHere(context, ledger, { action: 'people.change', subject: operatorId }, (note) => {
    note({ details: { role: change.role, disabled: change.isDisabled } });
    return changeOperator(ledger, operatorId, change, context.clock());
  });
  return { status: 0, json: changed, text: () => sentence(changed) };
}

/** A link of a page at the door, at the address where people reach the server. */
export const linkHere = ({ people }: Context, page: 'invitation' | 'reset', token: string): string =>
  `${people.origin ?? USUAL_ORIGIN}/${page}#${token}`;
