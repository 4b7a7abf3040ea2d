import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Door, DoorFoot } from './door.tsx';

/** What a page at the door says to whoever comes without the token of a link. */
export function NoLink({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <Door title={title} text={text}>
      <DoorFoot>
        <Anchor component={Link} to="/sign-in" size="xs">
          Go to the sign-in
        </Anchor>
      </DoorFoot>
    </Door>
  );
}
