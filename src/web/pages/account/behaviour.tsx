import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { TimelineBody, TrendsBody } from '../../../api/contract.ts';
import { dayText } from '../../format.ts';
import { Chart } from '../../parts/chart.tsx';
import type { ChartInk } from '../../parts/chart-theme.ts';
import { trendText } from '../../parts/sparkline.tsx';
import { Term } from '../../parts/term.tsx';
import { COURSES, coursesQuery, timelineQuery } from './ask-account.ts';
import { courseOption, laneOf } from './course-option.ts';
import { Coming, Section } from './section.tsx';
import { numberText } from './value-text.ts';

const HEIGHT = 360;
const OVERSCAN_MILLIS = 7 * 86_400_000;

/** Question: how does it behave, held against its own past, and what happened meanwhile? */
export function Behaviour({
  id,
  asOf,
  before,
  isReady,
}: {
  readonly id: string;
  readonly asOf: string;
  /** The timeline ends here; null: now. */
  readonly before: string | null;
  /** Whether what comes first has been answered. */
  readonly isReady: boolean;
}) {
  const courses = useQuery({ ...coursesQuery(id, asOf.slice(0, 10)), enabled: isReady });
  const timeline = useQuery(timelineQuery(id, before));
  return (
    <Section
      id="behaviour"
      title="Behaviour over time"
      beside={
        <>
          beside its own <Term word="usual">usual range</Term>
        </>
      }
    >
      {courses.data === undefined || timeline.data === undefined ? (
        <Coming height={HEIGHT + 80} error={courses.error ?? timeline.error} what="The course" />
      ) : (
        <Course id={id} courses={courses.data} entries={timeline.data.entries} />
      )}
    </Section>
  );
}

function Course({
  id,
  courses,
  entries,
}: {
  readonly id: string;
  readonly courses: TrendsBody;
  readonly entries: TimelineBody['entries'];
}) {
  const [signal, setSignal] = useState<string>(COURSES[0].signal);
  const { asOfs } = courses;
  const course = courses.trends.find((trend) => trend.signal === signal);
  const shown = COURSES.find((each) => each.signal === signal) ?? COURSES[0];
  const marks = useMemo(() => {
    const first = Date.parse(asOfs[0] ?? '') - OVERSCAN_MILLIS;
    return entries.filter(({ at, kind }) => Date.parse(at) >= first && laneOf(kind) !== null);
  }, [entries, asOfs]);
  const option = useCallback(
    (ink: ChartInk) => courseOption(ink, { asOfs, course, label: shown.label, marks }),
    [asOfs, course, shown.label, marks],
  );
  if (course === undefined) return null;
  const name = shown.unit === '' ? shown.label : `${shown.label} ${shown.unit}`;
  const range = course.usual === null ? null : `${numberText(course.usual.low)} to ${numberText(course.usual.high)}`;
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="Measure"
        value={signal}
        onChange={setSignal}
        data={COURSES.map((each) => ({ value: each.signal, label: each.label }))}
        style={{ justifySelf: 'start', maxWidth: '100%', overflowX: 'auto' }}
      />
      <Chart
        title={trendText(name, course.values, course.usual)}
        file={`${id}-${signal}`}
        height={HEIGHT}
        option={option}
        table={{
          columns: [{ name: 'Week to' }, { name: shown.label, text: numberText }, { name: 'Usual' }],
          rows: asOfs.map((at, index) => [dayText(at), course.values[index] ?? null, range]),
          whyUnknown: 'No source covers it, or the account was too young.',
        }}
      />
    </>
  );
}
