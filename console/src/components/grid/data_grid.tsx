import { Checkbox } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular } from '@fluentui/react-icons';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useId,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { plural, t } from '../../i18n';
import { nextSort, templateOf, widthOf, type Column, type Sorting } from './columns';
import './data_grid.css';

export interface GridProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
  /** Of the whole list, as far as it is known. */
  total: number | undefined;
  hasMore: boolean;
  isLoading: boolean;
  loadMore: () => void;
  sorting?: Sorting | undefined;
  setSort?: (sort: string | undefined) => void;
  open?: ((row: T) => void) | undefined;
  selected?: ReadonlySet<string>;
  select?: (keys: ReadonlySet<string>) => void;
  rowActions?: ((row: T) => ReactNode) | undefined;
  rowClass?: (row: T) => string | undefined;
  empty: ReactNode;
}

const ROW_HEIGHT = 36;
const AHEAD = 60;

/** A table after the ARIA grid pattern: only the rows in sight are in the document, pages are fetched as one gets near to their end. */
export function DataGrid<T>(props: GridProps<T>) {
  const { label, columns, rows, keyOf, total, hasMore, isLoading, loadMore, rowActions, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const [at, setAt] = useState(0);
  const [anchor, setAnchor] = useState(0);
  const selectable = props.select !== undefined;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollPaddingStart: ROW_HEIGHT,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoading && lastShown > rows.length - AHEAD) loadMore();
  }, [hasMore, isLoading, lastShown, rows.length, loadMore]);

  const here = Math.min(at, Math.max(0, rows.length - 1));

  function toggle(index: number, range: boolean): void {
    if (!props.select) return;
    const next = new Set(props.selected);
    const wanted = !next.has(keyOf(rows[index]!));
    const [from, to] = range ? [Math.min(anchor, index), Math.max(anchor, index)] : [index, index];
    for (const row of rows.slice(from, to + 1)) {
      if (wanted || range) next.add(keyOf(row));
      else next.delete(keyOf(row));
    }
    setAnchor(index);
    props.select(next);
  }

  function move(to: number, extend: boolean): void {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    setAt(index);
    virtual.scrollToIndex(index);
    if (extend && selectable) toggle(index, true);
    else setAnchor(index);
  }

  function pressed(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || rows.length === 0) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const steps: Record<string, number> = {
      ArrowDown: here + 1,
      ArrowUp: here - 1,
      PageDown: here + page,
      PageUp: here - page,
      Home: 0,
      End: rows.length - 1,
    };
    const step = steps[event.key];
    if (step !== undefined) move(step, event.shiftKey);
    else if (event.key === 'Enter' && props.open) props.open(rows[here]!);
    else if (event.key === ' ' && selectable) toggle(here, event.shiftKey);
    else if (event.key === 'a' && event.ctrlKey && props.select) props.select(new Set(rows.map(keyOf)));
    else return;
    event.preventDefault();
  }

  function clicked(index: number, event: MouseEvent): void {
    setAt(index);
    if ((event.target as HTMLElement).closest('a,button,input,[role="menuitem"]')) return;
    if (selectable && (event.shiftKey || event.ctrlKey)) toggle(index, event.shiftKey);
    else props.open?.(rows[index]!);
  }

  const style = {
    '--columns': templateOf(columns, selectable, rowActions !== undefined),
    '--width': `${widthOf(columns, selectable, rowActions !== undefined)}px`,
  } as CSSProperties;
  const allSelected = rows.length > 0 && props.selected?.size === rows.length;
  if (rows.length === 0 && !isLoading) return <div className="grid grid-empty">{empty}</div>;
  return (
    <div className="grid" style={style} ref={scroller}>
      <div
        className="grid-table"
        role="grid"
        aria-label={label}
        aria-rowcount={total === undefined ? -1 : total + 1}
        aria-multiselectable={selectable || undefined}
        aria-activedescendant={rows.length ? `${id}-${here}` : undefined}
        aria-busy={isLoading}
        tabIndex={0}
        onKeyDown={pressed}
      >
        <div role="rowgroup" className="grid-head">
          <div role="row" className="grid-row" aria-rowindex={1}>
            {selectable && (
              <div role="columnheader" className="grid-check">
                <Checkbox
                  aria-label={t('Select all loaded rows')}
                  checked={allSelected ? true : props.selected?.size ? 'mixed' : false}
                  onChange={() => props.select?.(allSelected ? new Set() : new Set(rows.map(keyOf)))}
                />
              </div>
            )}
            {columns.map((column) => (
              <Header key={column.key} column={column} sorting={props.sorting} setSort={props.setSort} />
            ))}
            {rowActions && (
              <div role="columnheader">
                <span className="visually-hidden">{t('Actions')}</span>
              </div>
            )}
          </div>
        </div>
        <div role="rowgroup" className="grid-rows" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]!;
            const isSelected = props.selected?.has(keyOf(row)) ?? false;
            const classes = [
              'grid-row',
              props.open && 'grid-opens',
              item.index === here && 'grid-at',
              isSelected && 'grid-selected',
              props.rowClass?.(row),
            ];
            return (
              <div
                key={item.key}
                id={`${id}-${item.index}`}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={selectable ? isSelected : undefined}
                className={classes.filter(Boolean).join(' ')}
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={(event) => clicked(item.index, event)}
              >
                {selectable && (
                  <div role="gridcell" className="grid-check">
                    <Checkbox
                      aria-label={t('Select row {number}', { number: item.index + 1 })}
                      tabIndex={-1}
                      checked={isSelected}
                      onChange={() => toggle(item.index, false)}
                    />
                  </div>
                )}
                {columns.map((column) => (
                  <div
                    key={column.key}
                    role="gridcell"
                    className={column.align ? 'grid-cell grid-end' : 'grid-cell'}
                    title={column.cell ? undefined : column.text(row)}
                  >
                    {column.cell ? column.cell(row) : column.text(row) || <span className="quiet">—</span>}
                  </div>
                ))}
                {rowActions && (
                  <div role="gridcell" className="grid-actions">
                    {rowActions(row)}
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </div>
      {isLoading && (
        <div className="grid-loading">
          {rows.length ? plural(rows.length, '{count} row, loading more', '{count} rows, loading more') : t('Loading')}
        </div>
      )}
    </div>
  );
}

interface HeaderProps<T> {
  column: Column<T>;
  sorting: Sorting | undefined;
  setSort: ((sort: string | undefined) => void) | undefined;
}

function Header<T>({ column, sorting, setSort }: HeaderProps<T>) {
  const field = column.sort;
  const isSorted = field !== undefined && sorting?.field === field;
  const order = isSorted ? (sorting.descending ? 'descending' : 'ascending') : 'none';
  const className = column.align ? 'grid-cell grid-end' : 'grid-cell';
  if (!field || !setSort) {
    return (
      <div role="columnheader" className={className}>
        {column.header}
      </div>
    );
  }
  return (
    <div role="columnheader" className={className} aria-sort={order}>
      <button type="button" className="grid-sort" onClick={() => setSort(nextSort(sorting, field))}>
        {column.header}
        {isSorted &&
          (sorting.descending ? <ArrowDownRegular aria-hidden="true" /> : <ArrowUpRegular aria-hidden="true" />)}
      </button>
    </div>
  );
}
