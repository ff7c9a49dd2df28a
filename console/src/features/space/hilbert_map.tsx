import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { plural, t } from '../../i18n';
import { formatPercent } from '../../lib/format';
import { formatPrefix, hilbertPlace, sizeOf, type Prefix } from '../../lib/ip';
import { blockColor, cellStates, emptyColor, fillColor, fillScale } from './cell_states';
import { tileCount, tileOf, type Cell, type View } from './hilbert';
import './hilbert_map.css';

interface Props {
  view: View;
  cells: Cell[];
  isDark: boolean;
  open: (part: Prefix, cell: Cell | undefined) => void;
  up: (() => void) | undefined;
}

const SIDE = 512;

/** A square whose cells follow a Hilbert curve, so that what is near in the address space is near on the map. Tiles of it can be opened. */
export function HilbertMap({ view, cells, isDark, open, up }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [tile, setTile] = useState(0);
  const [pointed, setPointed] = useState<number>();
  const [hasFocus, setFocus] = useState(false);
  const tiles = tileCount(view);
  const across = Math.sqrt(tiles);
  const tileOrder = Math.log2(across);
  const here = Math.min(tile, tiles - 1);
  const grid = useMemo(() => gridOf(tileOrder, tiles), [tileOrder, tiles]);
  const cellsPerTile = cells.length / tiles;

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) draw(context, view, cells, isDark);
  }, [view, cells, isDark]);

  function tileAt(event: MouseEvent): number | undefined {
    const box = event.currentTarget.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * across);
    const y = Math.floor(((event.clientY - box.top) / box.height) * across);
    return grid.get(`${x},${y}`);
  }

  function openTile(index: number): void {
    const part = tileOf(view, index);
    open(part, firstCell(cells, index, cellsPerTile));
  }

  function pressed(event: KeyboardEvent): void {
    const place = hilbertPlace(tileOrder, here);
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const step = steps[event.key];
    if (step) setTile(grid.get(`${place.x + step[0]},${place.y + step[1]}`) ?? here);
    else if (event.key === 'Enter' || event.key === ' ') openTile(here);
    else if (event.key === 'Backspace' && up) up();
    else return;
    setPointed(undefined);
    event.preventDefault();
  }

  const shown = pointed ?? here;
  const isActive = pointed !== undefined || hasFocus;
  const mark = hilbertPlace(tileOrder, shown);
  return (
    <div className="hilbert">
      <div
        className="hilbert-square"
        role="application"
        aria-roledescription={t('map')}
        aria-label={t('Map of {prefix}. Arrow keys choose a part, Enter opens it.', {
          prefix: formatPrefix(view.part),
        })}
        aria-describedby="hilbert-text"
        tabIndex={0}
        onKeyDown={pressed}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
        onMouseMove={(event) => setPointed(tileAt(event))}
        onMouseLeave={() => setPointed(undefined)}
        onClick={(event) => {
          const index = tileAt(event);
          if (index === undefined) return;
          setTile(index);
          openTile(index);
        }}
      >
        <canvas ref={canvas} width={SIDE * 2} height={SIDE * 2} aria-hidden="true" />
        {isActive && (
          <span
            className="hilbert-mark"
            aria-hidden="true"
            style={{
              left: `${(mark.x / across) * 100}%`,
              top: `${(mark.y / across) * 100}%`,
              width: `${100 / across}%`,
              height: `${100 / across}%`,
            }}
          />
        )}
      </div>
      <p id="hilbert-text" className="hilbert-text" aria-live="polite">
        {isActive
          ? describe(view, cells, shown, cellsPerTile)
          : t('Point at the map, or use the arrow keys; a click opens a part.')}
      </p>
    </div>
  );
}

function gridOf(order: number, tiles: number): Map<string, number> {
  return new Map(
    Array.from({ length: tiles }, (_, index) => {
      const { x, y } = hilbertPlace(order, index);
      return [`${x},${y}`, index];
    }),
  );
}

function firstCell(cells: Cell[], tile: number, perTile: number): Cell | undefined {
  return cells.slice(tile * perTile, (tile + 1) * perTile).find((cell) => cell.subnet);
}

function draw(context: CanvasRenderingContext2D, view: View, cells: Cell[], isDark: boolean): void {
  const side = 2 ** view.order;
  const size = (SIDE * 2) / side;
  const gap = size >= 8 ? 1 : 0;
  const states = cellStates();
  context.fillStyle = emptyColor(isDark);
  context.fillRect(0, 0, SIDE * 2, SIDE * 2);
  cells.forEach((cell, index) => {
    let color: string | undefined;
    if (cell.state) color = isDark ? states[cell.state].dark : states[cell.state].light;
    else if (cell.percent !== undefined) color = fillColor(cell.percent, isDark);
    else if (cell.block) color = blockColor(isDark);
    if (!color) return;
    const { x, y } = hilbertPlace(view.order, index);
    context.fillStyle = color;
    context.fillRect(x * size, y * size, size - gap, size - gap);
  });
  const tiles = Math.sqrt(tileCount(view));
  context.strokeStyle = isDark ? '#1f1f1f' : '#ffffff';
  context.lineWidth = 2;
  for (let line = 1; line < tiles; ++line) {
    const at = (line / tiles) * SIDE * 2;
    context.beginPath();
    context.moveTo(at, 0);
    context.lineTo(at, SIDE * 2);
    context.moveTo(0, at);
    context.lineTo(SIDE * 2, at);
    context.stroke();
  }
}

function describe(view: View, cells: Cell[], tile: number, perTile: number): string {
  const part = tileOf(view, tile);
  const own = cells.slice(tile * perTile, (tile + 1) * perTile);
  const name = formatPrefix(part);
  if (own.some((cell) => cell.state)) {
    const held = own.filter((cell) => cell.state && !['free', 'pool', 'unusable'].includes(cell.state)).length;
    return plural(
      Math.round(held * Math.min(1, Number(sizeOf(part)) / own.length)),
      '{name}: {count} address held',
      '{name}: {count} addresses held',
      { name },
    );
  }
  const subnets = new Set(own.map((cell) => cell.subnet?.id).filter(Boolean));
  const only = own.find((cell) => cell.subnet)?.subnet;
  if (subnets.size === 1 && only)
    return [name, only.prefix !== name ? only.prefix : '', only.name, formatPercent(only.utilization?.percent ?? 0)]
      .filter(Boolean)
      .join(' · ');
  if (subnets.size > 0) return plural(subnets.size, '{name}: {count} subnet', '{name}: {count} subnets', { name });
  if (own.some((cell) => cell.percent !== undefined)) return t('{name}: addresses in use', { name });
  const block = own.find((cell) => cell.block)?.block;
  if (block)
    return t('{name}: no subnet, in the block {block}', {
      name,
      block: [block.prefix, block.name].filter(Boolean).join(' '),
    });
  return t('{name}: nothing there', { name });
}

export function FillLegend({ isDark }: { isDark: boolean }) {
  return (
    <div className="hilbert-scale">
      <span className="hilbert-swatch" style={{ background: emptyColor(isDark) }} aria-hidden="true" />
      {t('nothing')}
      <span className="hilbert-swatch" style={{ background: blockColor(isDark) }} aria-hidden="true" />
      {t('block without subnet')}
      <span className="hilbert-steps">
        0%
        {fillScale(isDark).map((color) => (
          <span key={color} className="hilbert-swatch" style={{ background: color }} aria-hidden="true" />
        ))}
        100%
      </span>
    </div>
  );
}
