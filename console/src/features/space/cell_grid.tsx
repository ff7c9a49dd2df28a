import { useMemo, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { t } from '../../i18n';
import { formatCount } from '../../lib/format';
import { formatAddress, formatPrefix, sizeOf, type Prefix } from '../../lib/ip';
import { cellStates } from './cell_states';
import { countStates, stateOf, type Occupancy } from './occupancy';
import './cell_grid.css';

interface Props {
  /** At most 256 addresses. */
  part: Prefix;
  occupancy: Occupancy;
  isDark: boolean;
  current: bigint;
  point: (address: bigint) => void;
  open: (address: bigint) => void;
  up: (() => void) | undefined;
}

/** A cell an address, sixteen in a row. */
export function CellGrid({ part, occupancy, isDark, current, point, open, up }: Props) {
  const [hovered, setHovered] = useState<bigint>();
  const states = cellStates();
  const count = Number(sizeOf(part));
  const columns = Math.min(16, count);
  const cells = useMemo(
    () => Array.from({ length: count }, (_, index) => part.first + BigInt(index)),
    [part.first, count],
  );
  const label = (address: bigint): string =>
    part.version === 4 ? String(address & 255n) : (address & 0xffffn).toString(16);

  function pressed(event: KeyboardEvent): void {
    const at = Number(current - part.first);
    const steps: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      Home: at - (at % columns),
      End: at - (at % columns) + columns - 1,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      if (step >= 0 && step < count) point(part.first + BigInt(step));
    } else if (event.key === 'Enter' || event.key === ' ') open(current);
    else if (event.key === 'Backspace' && up) up();
    else return;
    event.preventDefault();
  }

  const rows = Array.from({ length: Math.ceil(count / columns) }, (_, row) =>
    cells.slice(row * columns, (row + 1) * columns),
  );
  return (
    <div
      className="cells"
      role="grid"
      aria-label={t('Addresses of {prefix}', { prefix: formatPrefix(part) })}
      aria-activedescendant={`cell-${current}`}
      tabIndex={0}
      onKeyDown={pressed}
      style={{ '--cells': columns } as CSSProperties}
    >
      {rows.map((row) => (
        <div role="row" className="cells-row" key={String(row[0])}>
          <span role="rowheader" className="cells-name">
            {label(row[0]!)}
          </span>
          {row.map((address) => {
            const state = stateOf(occupancy, address);
            const look = states[state];
            const text = formatAddress(address, part.version);
            return (
              <div
                key={String(address)}
                id={`cell-${address}`}
                data-mark={look.mark}
                role="gridcell"
                aria-selected={address === current}
                aria-label={`${text}, ${look.name}`}
                title={address === hovered ? titleOf(text, look.name, occupancy, address) : undefined}
                className={`cell cell-${state}${address === current ? ' cell-current' : ''}`}
                style={{ background: isDark ? look.dark : look.light }}
                onMouseEnter={() => setHovered(address)}
                onClick={() => point(address)}
                onDoubleClick={() => open(address)}
              >
                {label(address)}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function titleOf(text: string, state: string, occupancy: Occupancy, address: bigint): string {
  const holding = occupancy.held.get(address);
  const name = holding?.address?.name || holding?.lease?.hostname || holding?.reservation?.hostname;
  return [text, state, name].filter(Boolean).join('\n');
}

/** What the colors mean, and how many there are of each. */
export function CellLegend({ part, occupancy, isDark }: { part: Prefix; occupancy: Occupancy; isDark: boolean }) {
  const counts = useMemo(() => countStates(occupancy, part), [occupancy, part]);
  return (
    <ul className="cells-legend">
      {Object.entries(cellStates()).map(([state, look]) => {
        const count = counts.get(state as never);
        if (!count) return null;
        return (
          <li key={state}>
            <span className="cells-swatch" style={{ background: isDark ? look.dark : look.light }} aria-hidden="true">
              {look.mark}
            </span>
            {look.name} <strong>{formatCount(String(count))}</strong>
          </li>
        );
      })}
    </ul>
  );
}
