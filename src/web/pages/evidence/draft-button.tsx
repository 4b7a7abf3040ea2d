import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../shell/session.ts';
import { leaveDraft } from '../model/draft.ts';

/** What a finding makes of a model. */
export interface DraftButtonProps {
  /** What the button says. */
  readonly label: string;
  /** The text of a model with the finding in it, and what it was made of (`baseOf`); null: the text as it stands cannot be edited this way. */
  readonly make: () => Promise<{ readonly base: string; readonly text: string } | null>;
  readonly isSmall?: boolean;
}

/** Opens the editor upon the model with a finding in it; nothing is published by it. */
export function DraftButton({ label, make, isSmall = false }: DraftButtonProps) {
  const mayWrite = useMay('model.write');
  const navigate = useNavigate();
  const [isRefused, setIsRefused] = useState(false);
  const [isMaking, setIsMaking] = useState(false);
  if (!mayWrite) return null;
  const open = async () => {
    setIsMaking(true);
    const made = await make().finally(() => setIsMaking(false));
    setIsRefused(made === null);
    if (made === null) return;
    leaveDraft(made.base, made.text);
    await navigate({ to: '/model' });
  };
  return (
    <>
      <Button
        {...(isSmall ? { variant: 'default', size: 'compact-sm' } : {})}
        loading={isMaking}
        onClick={() => void open()}
      >
        {label}
      </Button>
      {isRefused && (
        <span role="alert" className="small">
          The model writes this part in another way, or the draft in this browser is no YAML. Edit the text itself.
        </span>
      )}
    </>
  );
}
