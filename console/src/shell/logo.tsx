/** Plots of land: what a cadastre is. */
export function Logo({ size, onBrand }: { size: number; onBrand?: boolean }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      {!onBrand && <rect width="32" height="32" rx="6" fill="#0f6cbd" />}
      <g fill="none" stroke="#fff" strokeWidth="2.2" strokeLinejoin="round">
        <rect x="7" y="7" width="18" height="18" rx="1.5" />
        <path d="M7 14h18M16 14v11M16 19.5h9" />
      </g>
      <rect x="8.6" y="15.6" width="6" height="8" fill="#fff" opacity=".55" />
    </svg>
  );
}
