import { useQuery } from '@tanstack/react-query';
import type { DossierBody } from '../../../api/contract.ts';
import { dayText, wholeText, wordText } from '../../format.ts';
import { Money } from '../../parts/money.tsx';
import { Term } from '../../parts/term.tsx';
import styles from './account.module.css';
import { dossierQuery } from './ask-account.ts';
import { Coming, Nothing, Section } from './section.tsx';

const FEW = 4;

/** What the sources file: contracts, needs in their own words, sponsors, tickets and answers. */
export function Filed({ id, before }: { readonly id: string; readonly before: string | null }) {
  const { data, error } = useQuery(dossierQuery(id, before));
  if (data === undefined) return <Coming height={520} error={error} what="What the sources file" />;
  return (
    <>
      <Contracts contracts={data.contracts} />
      <Needs needs={data.needs} />
      <Sponsors sponsors={data.sponsors} />
      <Tickets tickets={data.tickets} open={data.ticketsOpen} />
      <Answers nps={data.nps} />
    </>
  );
}

function Contracts({ contracts }: Pick<DossierBody, 'contracts'>) {
  return (
    <Section id="contracts" title={<Term word="contract">Contracts</Term>}>
      {contracts.length === 0 && <Nothing>No source files contracts of this account.</Nothing>}
      <ul className={styles['list']}>
        {contracts.slice(0, FEW).map((contract) => (
          <li key={contract.contractId}>
            <div className={styles['row']}>
              <strong>{contract.plan === null ? wordText(contract.kind) : wordText(contract.plan)}</strong>
              <span>
                <Money value={contract.arr} currency={contract.currency} /> a year
              </span>
            </div>
            <div className="muted small">
              {wordText(contract.kind)}
              {contract.seats !== null && `, ${wholeText(contract.seats)} seats`}, from {dayText(contract.startsOn)}
              {contract.endsOn !== null
                ? `, ended ${dayText(contract.endsOn)}`
                : contract.termEndsOn !== null && `, term to ${dayText(contract.termEndsOn)}`}
              {contract.noticeOn !== null && `, notice given ${dayText(contract.noticeOn)}`}
            </div>
          </li>
        ))}
      </ul>
      <Rest count={contracts.length - FEW} what="older" />
    </Section>
  );
}

function Needs({ needs }: Pick<DossierBody, 'needs'>) {
  return (
    <Section id="needs" title="Needs, in their words">
      {needs.length === 0 && (
        <Nothing>
          Nobody has asked what they use the product for. Import coded interviews or sales notes as needs.
        </Nothing>
      )}
      <ul className={styles['list']}>
        {needs.slice(0, FEW).map((need) => (
          <li key={`${need.at} ${need.job}`} className={styles['note']}>
            {need.quote !== null && <blockquote className={styles['quote']}>“{need.quote}”</blockquote>}
            <span className="muted small">
              {wordText(need.job)}
              {need.source !== null && `, ${wordText(need.source)}`}, {dayText(need.at)}
              {need.successCriteria !== null && `; success is ${wordText(need.successCriteria)}`}
            </span>
          </li>
        ))}
      </ul>
      <Rest count={needs.length - FEW} what="more" />
    </Section>
  );
}

function Sponsors({ sponsors }: Pick<DossierBody, 'sponsors'>) {
  return (
    <Section id="sponsor" title={<Term word="sponsor">Sponsor</Term>}>
      {sponsors.length === 0 && <Nothing>No user is marked as sponsor or champion in any source.</Nothing>}
      <ul className={styles['list']}>
        {sponsors.slice(0, FEW).map((sponsor) => (
          <li key={`${sponsor.userId} ${sponsor.fromOn}`} className={styles['row']}>
            <span>
              {sponsor.userId}
              <span className="muted small">
                {' '}
                {sponsor.kind}
                {sponsor.role !== null && `, ${wordText(sponsor.role)}`}
                {sponsor.department !== null && `, ${wordText(sponsor.department)}`}
              </span>
            </span>
            <span className="muted small">
              {sponsor.untilOn === null
                ? sponsor.fromOn === null
                  ? 'still there'
                  : `since ${dayText(sponsor.fromOn)}`
                : `left ${dayText(sponsor.untilOn)}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Tickets({ tickets, open }: { readonly tickets: DossierBody['tickets']; readonly open: number }) {
  return (
    <Section id="tickets" title="Tickets" beside={open === 0 ? 'none open' : `${wholeText(open)} open`}>
      {tickets.length === 0 && <Nothing>No source files tickets of this account.</Nothing>}
      <ul className={styles['list']}>
        {tickets.slice(0, FEW).map((ticket) => (
          <li key={`${ticket.openedAt} ${ticket.theme}`} className={styles['row']}>
            <span>
              {ticket.theme === null ? 'without a theme' : wordText(ticket.theme)}
              {ticket.priority !== null && <span className="muted small"> {wordText(ticket.priority)}</span>}
            </span>
            <span className="muted small">
              {dayText(ticket.openedAt)}, {ticket.closedAt === null ? 'open' : `closed ${dayText(ticket.closedAt)}`}
            </span>
          </li>
        ))}
      </ul>
      <Rest count={tickets.length - FEW} what="older" />
    </Section>
  );
}

function Answers({ nps }: Pick<DossierBody, 'nps'>) {
  return (
    <Section id="nps" title={<Term word="NPS">NPS</Term>}>
      {nps.length === 0 && <Nothing>Nobody there has answered yet.</Nothing>}
      <ul className={styles['list']}>
        {nps.slice(0, FEW).map((answer) => (
          <li key={`${answer.at} ${answer.userId}`} className={styles['note']}>
            <span>
              <strong>{answer.score}</strong> <span className="muted small">of 10, {dayText(answer.at)}</span>
            </span>
            {answer.comment !== null && <blockquote className={styles['quote']}>“{answer.comment}”</blockquote>}
          </li>
        ))}
      </ul>
      <Rest count={nps.length - FEW} what="older" />
    </Section>
  );
}

function Rest({ count, what }: { readonly count: number; readonly what: string }) {
  if (count <= 0) return null;
  return (
    <p className="muted small">
      and {wholeText(count)} {what}, under <a href="#timeline">What happened</a>
    </p>
  );
}
