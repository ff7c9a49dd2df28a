import {
  Button,
  Input,
  Menu,
  MenuItem,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Select,
  Tooltip,
} from '@fluentui/react-components';
import {
  ArrowClockwiseRegular,
  ArrowDownloadRegular,
  ColumnTripleRegular,
  DismissRegular,
  FilterDismissRegular,
  SearchRegular,
} from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { listAll, urlOf, type Query } from '../../api/client';
import { usePages } from '../../api/queries';
import type { ItemOf, ListPath } from '../../api/types';
import { plural, t } from '../../i18n';
import { usePreference } from '../../lib/preference';
import { useUrlState } from '../../lib/url_state';
import { EmptyState, ErrorState } from '../states';
import { useNotice } from '../toasts';
import { parseSort, toCsv, type Column } from './columns';
import { DataGrid } from './data_grid';
import './list_view.css';

/** A choice among fixed values of a field. */
export interface ListFilter {
  field: string;
  label: string;
  choices: [value: string, text: string][];
}

export interface ListProps<P extends ListPath> {
  path: P;
  /** Names the list in what this browser remembers, and in the address where several lists are on one page. */
  name: string;
  label: string;
  columns: Column<ItemOf<P>>[];
  keyOf: (row: ItemOf<P>) => string;
  /** What always holds, such as the server of a page. */
  fixed?: Query;
  /** The parameter that the words go to: `q`, `name__contains`…; none: no box. */
  words?: string;
  wordsHint?: string;
  filters?: ListFilter[];
  /** Parameters of the address that are filters too, and how each is called. */
  linked?: Record<string, string>;
  counted?: boolean;
  sortable?: boolean;
  /** The page of a row. */
  pageOf?: (row: ItemOf<P>) => string | undefined;
  open?: (row: ItemOf<P>) => void;
  rowActions?: (row: ItemOf<P>) => ReactNode;
  /** Of the selected rows. */
  bulk?: (rows: ItemOf<P>[], clear: () => void) => ReactNode;
  actions?: ReactNode;
  empty: { icon?: ReactNode; title: string; text?: string; actions?: ReactNode };
  /** A route that exports the list; otherwise what the server lists is made into CSV here. */
  exportPath?: string;
}

const TYPING_MS = 250;
const MOST_EXPORTED = 100_000;

/** A list of the server as a table: filters, order and pages are the server's, and stand in the address of the page. */
export function ListView<P extends ListPath>(props: ListProps<P>) {
  const { path, columns, name, fixed, words, filters = [], linked = {}, counted = true } = props;
  const [search, setSearch] = useUrlState();
  const navigate = useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const shownNames = useColumns(name, columns);
  const shown = columns.filter((column) => shownNames.names.includes(column.key));

  const query = useMemo(() => {
    const made: Query = { ...fixed };
    if (words && search.q) made[words] = search.q;
    for (const field of [...filters.map((filter) => filter.field), ...Object.keys(linked)])
      if (search[field]) made[field] = search[field];
    if (search.sort) made.sort = search.sort;
    return made;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what these make of the address is what counts
  }, [JSON.stringify(fixed), words, JSON.stringify(search)]);
  const answer = usePages(path, query, counted);
  const rows = useMemo(() => (answer.data?.pages ?? []).flatMap((page) => page.items), [answer.data]);
  const told = answer.data?.pages[0]?.total;
  const total = told === null || told === undefined ? (answer.hasNextPage ? undefined : rows.length) : Number(told);
  const isFiltered =
    Boolean(search.q) ||
    filters.some((filter) => search[filter.field]) ||
    Object.keys(linked).some((field) => search[field]);
  const chosen = rows.filter((row) => selected.has(props.keyOf(row)));
  const clear = (): void => setSelected(new Set());
  const clearFilters = (): void => {
    const none = [...filters.map((filter) => filter.field), ...Object.keys(linked), 'q'].map(
      (field) => [field, undefined] as const,
    );
    setSearch(Object.fromEntries(none));
  };

  function open(row: ItemOf<P>): void {
    const page = props.pageOf?.(row);
    if (page) void navigate({ href: page });
    else props.open?.(row);
  }

  return (
    <div className="list">
      <div className="list-bar">
        {words && (
          <WordsBox
            hint={props.wordsHint ?? t('Filter')}
            value={search.q ?? ''}
            set={(value) => setSearch({ q: value || undefined })}
          />
        )}
        {filters.map((filter) => (
          <Select
            key={filter.field}
            aria-label={filter.label}
            value={search[filter.field] ?? ''}
            onChange={(_, data) => setSearch({ [filter.field]: data.value || undefined })}
          >
            <option value="">{filter.label}</option>
            {filter.choices.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </Select>
        ))}
        {Object.entries(linked).map(([field, title]) =>
          search[field] ? (
            <Button
              key={field}
              size="small"
              className="list-chip"
              icon={<DismissRegular />}
              iconPosition="after"
              onClick={() => setSearch({ [field]: undefined })}
            >
              {title}: {search[field]}
            </Button>
          ) : null,
        )}
        <div className="list-end">
          {chosen.length > 0 && props.bulk?.(chosen, clear)}
          {props.actions}
          <ListTools
            props={props}
            query={query}
            columns={shown}
            choice={shownNames}
            refresh={() => void answer.refetch()}
          />
        </div>
      </div>
      {answer.error ? (
        <ErrorState error={answer.error} retry={() => void answer.refetch()} />
      ) : (
        <DataGrid
          label={props.label}
          columns={shown}
          rows={rows}
          keyOf={props.keyOf}
          total={total}
          hasMore={answer.hasNextPage}
          isLoading={answer.isFetching && (answer.isPending || answer.isFetchingNextPage)}
          loadMore={() => void answer.fetchNextPage()}
          sorting={parseSort(search.sort)}
          {...(props.sortable !== false && { setSort: (sort: string | undefined) => setSearch({ sort }) })}
          open={props.pageOf || props.open ? open : undefined}
          {...(props.bulk && { selected, select: setSelected })}
          rowActions={props.rowActions}
          empty={
            isFiltered ? (
              <EmptyState
                icon={<FilterDismissRegular />}
                title={t('Nothing fits these filters')}
                actions={<Button onClick={clearFilters}>{t('Clear filters')}</Button>}
              />
            ) : (
              <EmptyState icon={props.empty.icon} title={props.empty.title} actions={props.empty.actions}>
                {props.empty.text}
              </EmptyState>
            )
          }
        />
      )}
      <div className="list-foot" role="status">
        {total !== undefined
          ? plural(total, '{count} row', '{count} rows')
          : plural(rows.length, '{count} row loaded, and more', '{count} rows loaded, and more')}
        {chosen.length > 0 && <span>{plural(chosen.length, '{count} selected', '{count} selected')}</span>}
      </div>
    </div>
  );
}

function WordsBox({ hint, value, set }: { hint: string; value: string; set: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = window.setTimeout(() => set(typed), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed, value, set]);
  return (
    <Input
      className="list-words"
      type="search"
      aria-label={hint}
      placeholder={hint}
      contentBefore={<SearchRegular />}
      value={typed}
      onChange={(_, data) => setTyped(data.value)}
    />
  );
}

interface ColumnChoice {
  names: string[];
  set: (names: string[]) => void;
}

/** Which columns are shown; this browser remembers it. */
function useColumns<T>(name: string, columns: Column<T>[]): ColumnChoice {
  const usual = columns.filter((column) => !column.hidden).map((column) => column.key);
  const [stored, setStored] = usePreference(`columns.${name}`, usual.join(','));
  return { names: stored.split(','), set: (names) => setStored(names.join(',')) };
}

interface ToolsProps<P extends ListPath> {
  props: ListProps<P>;
  query: Query;
  columns: Column<ItemOf<P>>[];
  choice: ColumnChoice;
  refresh: () => void;
}

function ListTools<P extends ListPath>({ props, query, columns, choice, refresh }: ToolsProps<P>) {
  const [busy, setBusy] = useState(false);
  const notice = useNotice();

  async function exportRows(): Promise<void> {
    setBusy(true);
    try {
      if (props.exportPath) return save(`${props.name}.csv`, urlOf(props.exportPath, { query }));
      const { items, whole } = await listAll(props.path, query, MOST_EXPORTED);
      save(`${props.name}.csv`, URL.createObjectURL(new Blob([toCsv(columns, items)], { type: 'text/csv' })));
      if (!whole)
        notice(
          t('Only the first {count} rows were exported', { count: items.length }),
          t('Filter the list to export the others.'),
          'warning',
        );
    } catch (error) {
      notice(t('The list could not be exported'), error instanceof Error ? error.message : undefined, 'error');
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Menu
        checkedValues={{ columns: choice.names }}
        onCheckedValueChange={(_, data) => data.checkedItems.length && choice.set(data.checkedItems)}
      >
        <MenuTrigger disableButtonEnhancement>
          <Tooltip content={t('Columns')} relationship="label">
            <Button appearance="subtle" icon={<ColumnTripleRegular />} />
          </Tooltip>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {props.columns.map((column) => (
              <MenuItemCheckbox key={column.key} name="columns" value={column.key}>
                {column.header}
              </MenuItemCheckbox>
            ))}
            <MenuItem
              onClick={() => choice.set(props.columns.filter((column) => !column.hidden).map((column) => column.key))}
            >
              {t('As usual')}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      <Tooltip content={t('Export as CSV')} relationship="label">
        <Button appearance="subtle" icon={<ArrowDownloadRegular />} disabled={busy} onClick={() => void exportRows()} />
      </Tooltip>
      <Tooltip content={t('Refresh')} relationship="label">
        <Button appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={refresh} />
      </Tooltip>
    </>
  );
}

function save(name: string, url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  if (url.startsWith('blob:')) window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
