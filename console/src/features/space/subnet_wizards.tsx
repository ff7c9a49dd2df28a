import { Checkbox, MessageBar, MessageBarBody, Spinner } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dryRun, post, type ApiError } from '../../api/client';
import { useAll } from '../../api/queries';
import type { Schemas, Subnet } from '../../api/types';
import { ChoiceField } from '../../components/fields';
import { FormDialog } from '../../components/form_dialog';
import { useNotice } from '../../components/toasts';
import { plural, t } from '../../i18n';
import { bitsOf, parsePrefix } from '../../lib/ip';

interface Props {
  subnet: Subnet;
  close: () => void;
}

/** What would come of it, as the server says it, each time something else is chosen. */
function Preview({ name, ask }: { name: string; ask: () => Promise<Schemas['DryRunAnswer']> }) {
  const answer = useQuery<Schemas['DryRunAnswer'], ApiError>({
    queryKey: ['dry run', name],
    queryFn: ask,
    retry: false,
    gcTime: 0,
    staleTime: 0,
  });
  if (answer.isFetching) return <Spinner size="tiny" label={t('Looking')} labelPosition="after" />;
  if (answer.error)
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>{answer.error.message}</MessageBarBody>
      </MessageBar>
    );
  const { subnets } = (answer.data?.result ?? { subnets: [] }) as unknown as Schemas['SubnetsAnswer'];
  const shown = subnets
    .slice(0, 16)
    .map((each) => each.prefix)
    .join(', ');
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        {plural(subnets.length, 'Afterwards: {shown}', 'Afterwards {count} subnets: {shown}', {
          shown: subnets.length > 16 ? `${shown} …` : shown,
        })}
      </MessageBarBody>
    </MessageBar>
  );
}

export function SplitSubnet({ subnet, close }: Props) {
  const prefix = parsePrefix(subnet.prefix)!;
  const lengths = Array.from(
    { length: Math.min(8, bitsOf(prefix.version) - prefix.length) },
    (_, index) => prefix.length + index + 1,
  );
  const [length, setLength] = useState(String(lengths[0] ?? prefix.length));
  const notice = useNotice();
  const options = { path: { id: subnet.id }, body: { length: Number(length) } };
  async function submit(): Promise<void> {
    const answer = await post('/api/v1/subnets/{id}:split', options);
    notice(
      plural(answer.subnets.length, '{prefix} is one subnet', '{prefix} is split into {count} subnets', {
        prefix: subnet.prefix,
      }),
    );
  }
  return (
    <FormDialog
      title={t('Split {prefix}', { prefix: subnet.prefix })}
      submitText={t('Split')}
      submit={submit}
      close={close}
    >
      <ChoiceField
        name="length"
        label={t('Into')}
        value={length}
        set={setLength}
        choices={lengths.map((each) => [
          String(each),
          t('{count} × /{length}', { count: 2 ** (each - prefix.length), length: String(each) }),
        ])}
      />
      <Preview name={`split ${subnet.id} ${length}`} ask={() => dryRun('/api/v1/subnets/{id}:split', options)} />
    </FormDialog>
  );
}

export function ResizeSubnet({ subnet, close }: Props) {
  const prefix = parsePrefix(subnet.prefix)!;
  const [length, setLength] = useState(String(Math.max(0, prefix.length - 1)));
  const notice = useNotice();
  const lengths = Array.from({ length: 12 }, (_, index) => prefix.length - 6 + index).filter(
    (each) => each >= 0 && each !== prefix.length && each <= bitsOf(prefix.version),
  );
  const options = { path: { id: subnet.id }, body: { length: Number(length) } };
  async function submit(): Promise<void> {
    const answer = await post('/api/v1/subnets/{id}:resize', options);
    notice(t('{before} is now {after}', { before: subnet.prefix, after: answer.subnets[0]?.prefix ?? '' }));
  }
  return (
    <FormDialog
      title={t('Resize {prefix}', { prefix: subnet.prefix })}
      submitText={t('Resize')}
      submit={submit}
      close={close}
    >
      <ChoiceField
        name="length"
        label={t('New length')}
        value={length}
        set={setLength}
        choices={lengths.map((each) => [
          String(each),
          each < prefix.length
            ? t('/{length}, larger', { length: String(each) })
            : t('/{length}, smaller', { length: String(each) }),
        ])}
      />
      <Preview name={`resize ${subnet.id} ${length}`} ask={() => dryRun('/api/v1/subnets/{id}:resize', options)} />
    </FormDialog>
  );
}

export function MergeSubnets({ subnet, close }: Props) {
  const siblings = useAll('/api/v1/subnets', { space: subnet.space, sort: 'prefix' }, true, 2000);
  const [chosen, setChosen] = useState<string[]>([]);
  const notice = useNotice();
  const others = (siblings.data?.items ?? []).filter(
    (each) =>
      each.id !== subnet.id &&
      each.block_id === subnet.block_id &&
      each.prefix.includes(':') === subnet.prefix.includes(':'),
  );
  const options = { body: { subnets: [subnet.id, ...chosen] } };
  async function submit(): Promise<void> {
    const answer = await post('/api/v1/subnets:merge', options);
    notice(t('Merged into {prefix}', { prefix: answer.subnets[0]?.prefix ?? '' }));
  }
  return (
    <FormDialog
      title={t('Merge {prefix} with', { prefix: subnet.prefix })}
      submitText={t('Merge')}
      submit={submit}
      close={close}
      canSubmit={chosen.length > 0}
    >
      {siblings.isPending && <Spinner size="tiny" />}
      {siblings.data && others.length === 0 && <p>{t('There is no other subnet beside this one.')}</p>}
      <div className="merge-list">
        {others.map((each) => (
          <Checkbox
            key={each.id}
            label={`${each.prefix} ${each.name}`}
            checked={chosen.includes(each.id)}
            onChange={(_, data) =>
              setChosen(data.checked ? [...chosen, each.id] : chosen.filter((id) => id !== each.id))
            }
          />
        ))}
      </div>
      {chosen.length > 0 && (
        <Preview name={`merge ${options.body.subnets.join()}`} ask={() => dryRun('/api/v1/subnets:merge', options)} />
      )}
    </FormDialog>
  );
}
