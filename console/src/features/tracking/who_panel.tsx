import { useGet } from '../../api/queries';
import type { Schemas } from '../../api/types';
import { Panel } from '../../components/page';
import { ErrorState } from '../../components/states';
import { t } from '../../i18n';
import { capital, formatTime, words } from '../../lib/format';

type Holder = Schemas['AddressHolder'];

/** Who held the address at the instant, how sure that is, and what the plan said then. */
export function WhoPanel({
  address,
  at,
  purpose,
  space,
}: {
  address: string;
  at: string;
  purpose: string;
  space?: string | undefined;
}) {
  const answer = useGet('/api/v1/who', {
    query: { address, at, ...(purpose && { purpose }), ...(space && { space }) },
  });
  if (answer.error) return <ErrorState error={answer.error} retry={() => void answer.refetch()} />;
  const who = answer.data;
  return (
    <Panel title={t('{address} at {time}', { address, time: formatTime(at) })}>
      {who && who.holders.length === 0 && <p>{t('No lease is known that covers it.')}</p>}
      {who?.holders.map((holder) => (
        <HolderLine key={`${holder.hardware_address} ${holder.client_id}`} holder={holder} />
      ))}
      {who?.plan && (
        <p>
          {t('The plan had it as {name} ({state}{owner}).', {
            name: who.plan.name || t('an address without a name'),
            state: words(who.plan.state),
            owner: who.plan.owner ? `, ${who.plan.owner}` : '',
          })}
        </p>
      )}
      <p className="quiet">
        {who?.sources.map((source) =>
          source.complete_until
            ? t('Leases of {server} are known up to {time}. ', {
                server: source.server,
                time: formatTime(source.complete_until),
              })
            : t('Leases of {server} were never read. ', { server: source.server }),
        )}
        {t('This question is kept with its purpose.')}
      </p>
    </Panel>
  );
}

function HolderLine({ holder }: { holder: Holder }) {
  return (
    <div className="who-holder">
      <strong>{holder.hostname || holder.hardware_address || holder.client_id}</strong>{' '}
      <span className="mono">{holder.hardware_address ?? holder.client_id}</span>{' '}
      <span className={`who-certainty who-${holder.certainty}`}>{capital(words(holder.certainty))}</span>{' '}
      {holder.reason && <span className="quiet">{capital(holder.reason)}.</span>}
    </div>
  );
}
