import { Tooltip } from '@mantine/core';
import { GLOSSARY, type GlossaryWord } from '../glossary.ts';

/** A word of the trade, explained on hover and on focus. `children`: how it stands in the sentence. */
export function Term({ word, children }: { readonly word: GlossaryWord; readonly children?: string }) {
  return (
    <Tooltip label={GLOSSARY[word]} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <span className="term" tabIndex={0}>
        {children ?? word}
      </span>
    </Tooltip>
  );
}
