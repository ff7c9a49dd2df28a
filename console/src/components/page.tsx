import { Link } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { t } from '../i18n';
import './page.css';

interface PageProps {
  title: string;
  /** Where this page lies, from the outside in. */
  trail?: { to: string; name: string }[] | undefined;
  note?: ReactNode;
  actions?: ReactNode;
  /** The page is as high as the window, and what is in it scrolls. */
  fills?: boolean;
  children: ReactNode;
}

export function Page({ title, trail, note, actions, fills, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Cadastre`;
  }, [title]);
  return (
    <div className={fills ? 'page-body page-fills' : 'page-body'}>
      {trail && (
        <nav className="trail" aria-label={t('Where this is')}>
          {trail.map((step) => (
            <span key={step.to}>
              <Link to={step.to} className="link">
                {step.name}
              </Link>
              <span aria-hidden="true">›</span>
            </span>
          ))}
        </nav>
      )}
      <div className="page-head">
        <div className="page-title">
          <h1>{title}</h1>
          {note && <div className="page-note">{note}</div>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

export function Panel({
  title,
  actions,
  children,
  className,
}: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={className ? `panel ${className}` : 'panel'} aria-label={title}>
      {title && (
        <div className="panel-head">
          <h2>{title}</h2>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

/** One figure, large, with what it means. */
export function Figure({
  name,
  value,
  note,
  to,
  tone,
}: {
  name: string;
  value: ReactNode;
  note?: ReactNode;
  to?: string;
  tone?: 'bad' | 'warning';
}) {
  const content = (
    <>
      <span className="figure-name">{name}</span>
      <span className="figure-value">{value}</span>
      {note && <span className={tone ? `figure-note figure-${tone}` : 'figure-note'}>{note}</span>}
    </>
  );
  return to ? (
    <Link to={to} className="panel figure figure-link">
      {content}
    </Link>
  ) : (
    <div className="panel figure">{content}</div>
  );
}

/** Names and their values, as on a form that is only read. */
export function Facts({ items }: { items: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === '' || value === null || value === undefined ? <span className="quiet">—</span> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
