import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { UtilizationBar } from '../../components/utilization_bar';
import { t } from '../../i18n';
import type { TreeNode } from './tree_data';
import './tree.css';

interface Props {
  rows: TreeNode[];
  current: string | undefined;
  open: (node: TreeNode) => void;
  toggle: (key: string, expand: boolean) => void;
}

const ROW_HEIGHT = 40;

/** After the ARIA tree pattern, with only the rows in sight in the document. */
export function Tree({ rows, current, open, toggle }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const [at, setAt] = useState<string>();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  const here = Math.max(
    0,
    rows.findIndex((row) => row.key === (at ?? current)),
  );

  const currentRow = rows.findIndex((row) => row.key === current);
  const scrolledTo = useRef<string>(undefined);
  useEffect(() => {
    if (currentRow < 0 || scrolledTo.current === current) return;
    scrolledTo.current = current;
    setAt(current);
    virtual.scrollToIndex(currentRow, { align: 'auto' });
  }, [currentRow, current, virtual]);

  function move(index: number): void {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    setAt(row.key);
    virtual.scrollToIndex(rows.indexOf(row));
  }

  function parentOf(index: number): number {
    const level = rows[index]?.level ?? 1;
    for (let above = index - 1; above >= 0; --above) if (rows[above]!.level < level) return above;
    return index;
  }

  function pressed(event: KeyboardEvent): void {
    const row = rows[here];
    if (!row) return;
    if (event.key === 'ArrowDown') move(here + 1);
    else if (event.key === 'ArrowUp') move(here - 1);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(rows.length - 1);
    else if (event.key === 'ArrowRight') {
      if (row.expandable && !row.expanded) toggle(row.key, true);
      else if (row.expanded) move(here + 1);
    } else if (event.key === 'ArrowLeft') {
      if (row.expanded) toggle(row.key, false);
      else move(parentOf(here));
    } else if (event.key === 'Enter' || event.key === ' ') open(row);
    else return;
    event.preventDefault();
  }

  return (
    <div className="tree-scroll" ref={scroller}>
      <div
        className="tree"
        role="tree"
        aria-label={t('Address blocks, subnets and ranges')}
        tabIndex={0}
        aria-activedescendant={rows[here] ? `${id}${rows[here].key}` : undefined}
        onKeyDown={pressed}
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]!;
          const classes = [
            'tree-row',
            row.key === current && 'tree-current',
            item.index === here && 'tree-here',
            row.dimmed && 'tree-dimmed',
          ];
          return (
            <div
              key={row.key}
              id={id + row.key}
              role="treeitem"
              aria-level={row.level}
              aria-posinset={row.position}
              aria-setsize={row.siblings}
              aria-expanded={row.expandable ? row.expanded : undefined}
              aria-selected={row.key === current}
              className={classes.filter(Boolean).join(' ')}
              style={{ transform: `translateY(${item.start}px)`, paddingLeft: 4 + (row.level - 1) * 16 }}
              onClick={() => {
                setAt(row.key);
                open(row);
              }}
            >
              <span
                className="tree-twist"
                aria-hidden="true"
                onClick={(event) => {
                  if (!row.expandable) return;
                  event.stopPropagation();
                  toggle(row.key, !row.expanded);
                }}
              >
                {row.expandable && (row.expanded ? <ChevronDownRegular /> : <ChevronRightRegular />)}
              </span>
              <span className="tree-text">
                <span className={row.kind === 'range' ? 'tree-title tree-range ellipsis' : 'tree-title ellipsis'}>
                  {row.title}
                </span>
                {row.name && <span className="tree-name ellipsis">{row.name}</span>}
              </span>
              <UtilizationBar utilization={row.utilization} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
