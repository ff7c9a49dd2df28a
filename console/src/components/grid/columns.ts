import type { ReactNode } from 'react';

/** A column of a table: what it shows, and what it is sorted by on the server. */
export interface Column<T> {
  key: string;
  header: string;
  /** Least width in pixels; what is left over is shared by `grow`. */
  width: number;
  grow?: number;
  align?: 'end';
  /** The field of the server by which it can be sorted. */
  sort?: string;
  /** Not shown unless it is chosen. */
  hidden?: boolean;
  text: (row: T) => string;
  /** Instead of the text. */
  cell?: (row: T) => ReactNode;
}

export function templateOf<T>(columns: Column<T>[], selectable: boolean, actions: boolean): string {
  const tracks = columns.map((column) =>
    column.grow ? `minmax(${column.width}px, ${column.grow}fr)` : `${column.width}px`,
  );
  return [...(selectable ? ['40px'] : []), ...tracks, ...(actions ? ['44px'] : [])].join(' ');
}

export function widthOf<T>(columns: Column<T>[], selectable: boolean, actions: boolean): number {
  return columns.reduce((sum, column) => sum + column.width, (selectable ? 40 : 0) + (actions ? 44 : 0));
}

export interface Sorting {
  field: string;
  descending: boolean;
}

export function parseSort(text: string | undefined): Sorting | undefined {
  if (!text) return undefined;
  return text.startsWith('-') ? { field: text.slice(1), descending: true } : { field: text, descending: false };
}

/** What a click at a header makes of the order: up, down, then as the server likes. */
export function nextSort(current: Sorting | undefined, field: string): string | undefined {
  if (current?.field !== field) return field;
  return current.descending ? undefined : `-${field}`;
}

/** RFC 4180, with a guard before what a spreadsheet would take for a formula. */
export function toCsv<T>(columns: Column<T>[], rows: T[]): string {
  const quoted = (value: string): string => {
    const guarded = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
  };
  const lines = [
    columns.map((column) => quoted(column.header)),
    ...rows.map((row) => columns.map((column) => quoted(column.text(row)))),
  ];
  return lines.map((line) => line.join(',')).join('\r\n') + '\r\n';
}
