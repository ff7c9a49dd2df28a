import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Skeleton,
  SkeletonItem,
} from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client';
import { t } from '../i18n';
import './states.css';

export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="empty">
      {icon && <div className="empty-icon">{icon}</div>}
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {actions && <div className="empty-actions">{actions}</div>}
    </div>
  );
}

const TITLES: Record<string, () => string> = {
  permission_denied: () => t('You may not see this'),
  not_found: () => t('There is no such thing'),
  unavailable: () => t('The server does not answer'),
  overloaded: () => t('Too much at once'),
};

export function ErrorState({ error, retry }: { error: Error; retry?: () => void }) {
  const code = error instanceof ApiError ? error.code : 'internal';
  const id = error instanceof ApiError ? error.requestId : '';
  return (
    <MessageBar intent={code === 'permission_denied' ? 'warning' : 'error'} layout="multiline" className="error-state">
      <MessageBarBody>
        <MessageBarTitle>{TITLES[code]?.() ?? t('That did not work')}</MessageBarTitle>
        {error.message}
        {id && code === 'internal' && <span className="quiet"> {t('Request {id}', { id })}</span>}
      </MessageBarBody>
      {retry && (
        <MessageBarActions>
          <Button icon={<ArrowClockwiseRegular />} onClick={retry}>
            {t('Try again')}
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

/** In place of what is not there yet, of about its size. */
export function Waiting({ rows = 4, height = 20 }: { rows?: number; height?: number }) {
  return (
    <Skeleton aria-label={t('Loading')} className="waiting">
      {Array.from({ length: rows }, (_, row) => (
        <SkeletonItem key={row} style={{ height }} />
      ))}
    </Skeleton>
  );
}
