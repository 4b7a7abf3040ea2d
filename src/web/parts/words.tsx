/** A sentence of the service, in which what stands between backticks is a name or a rule as it is written. */
export function Words({ children }: { readonly children: string }) {
  return children.split('`').map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence stay in their order
    index % 2 === 1 ? <code key={index}>{part}</code> : part,
  );
}
