/** Two letters in a square, so that the eye finds a name again; it says nothing by itself. */
export function Initials({ name, size = 24 }: { readonly name: string; readonly size?: number }) {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const letters = words.length > 1 ? `${words[0]?.[0] ?? ''}${words[1]?.[0] ?? ''}` : (words[0]?.slice(0, 2) ?? '?');
  return (
    <span
      aria-hidden
      style={{
        width: size,
        height: size,
        flex: 'none',
        borderRadius: 6,
        display: 'inline-grid',
        placeItems: 'center',
        fontSize: size * 0.42,
        fontWeight: 600,
        background: 'var(--bw-accent-soft)',
        color: 'var(--bw-accent)',
      }}
    >
      {letters.toUpperCase()}
    </span>
  );
}
