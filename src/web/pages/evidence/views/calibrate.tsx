import { Code } from '@mantine/core';
import type { EvidenceAnswers } from '../../../../api/evidence-answers.ts';
import { wordText } from '../../../format.ts';
import { askModel, baseOf } from '../../model/draft.ts';
import { DraftButton } from '../draft-button.tsx';
import styles from '../evidence.module.css';
import { numberText } from '../number-text.ts';
import type { View } from '../view.ts';

type Calibration = EvidenceAnswers['calibrate'];

const calibrationOf = (answer: unknown): Calibration => answer as Calibration;

/** Which shipped numbers would one's own data set otherwise? */
export const calibrateView: View = {
  question: 'calibrate',
  title: 'Numbers of the rules',
  asks: 'Which shipped numbers would these thresholds set otherwise?',
  picture: (answer) => {
    const { diff, proposals } = calibrationOf(answer);
    if (proposals.length === 0)
      return <p className="muted">No number of the rules is proposed otherwise. What stays, and why, stands below.</p>;
    return (
      <Code block className={styles['diff']}>
        {diff}
      </Code>
    );
  },
  readings: (answer) => {
    const { proposals, kept } = calibrationOf(answer);
    return [
      ...proposals.map(({ path, signal, from, to, because }) => ({
        key: `${path} ${signal}`,
        name: `${wordText(path)}: ${signal}`,
        finding: {
          verdict: 'holds' as const,
          sentence: `${numberText(from)} becomes ${numberText(to)}: ${because}.`,
          needed: null,
        },
      })),
      ...kept.map(({ path, signal, value, because }) => ({
        key: `${path} ${signal ?? ''} ${value ?? ''}`,
        name:
          signal === null ? wordText(path) : `${wordText(path)}: ${signal} ${value === null ? '' : numberText(value)}`,
        finding: { verdict: null, sentence: `Stays as it is: ${because}.`, needed: null },
      })),
    ];
  },
  action: (answer, modelVersion) => {
    const { proposals, text } = calibrationOf(answer);
    if (proposals.length === 0) return null;
    return <DraftButton label="Draft these numbers" make={() => draftOf(text, modelVersion)} />;
  },
};

/** The numbers upon what is in force; where that is another version by now, the editor offers them as an earlier draft. */
async function draftOf(text: string, modelVersion: string) {
  const model = await askModel();
  return { base: model.version === modelVersion ? baseOf(model) : modelVersion, text };
}
