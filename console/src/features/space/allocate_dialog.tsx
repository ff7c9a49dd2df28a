import { Button, MessageBar, MessageBarBody, Spinner } from '@fluentui/react-components';
import { useState } from 'react';
import { dryRun, post, type ApiError } from '../../api/client';
import type { Schemas } from '../../api/types';
import { ChoiceField, LongTextField, TextField } from '../../components/fields';
import { FormDialog } from '../../components/form_dialog';
import { useNotice } from '../../components/toasts';
import { plural, t } from '../../i18n';

interface Preview<T> {
  items?: T[];
  error?: ApiError;
  busy?: boolean;
}

/** Asks the server what it would do, and does nothing. */
function usePreview<T>(ask: () => Promise<T[]>): [Preview<T>, () => void, () => void] {
  const [preview, setPreview] = useState<Preview<T>>({});
  const look = (): void => {
    setPreview({ busy: true });
    ask().then(
      (items) => setPreview({ items }),
      (error: unknown) => setPreview({ error: error as ApiError }),
    );
  };
  return [preview, look, () => setPreview({})];
}

function PreviewText({ preview, name }: { preview: Preview<string>; name: (texts: string[]) => string }) {
  if (preview.busy) return <Spinner size="tiny" label={t('Looking')} labelPosition="after" />;
  if (preview.error)
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>{preview.error.message}</MessageBarBody>
      </MessageBar>
    );
  if (!preview.items) return null;
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>{name(preview.items)}</MessageBarBody>
    </MessageBar>
  );
}

const shorten = (texts: string[]): string =>
  texts.length > 8 ? `${texts.slice(0, 8).join(', ')} …` : texts.join(', ');

interface AddressProps {
  from: string;
  space: string;
  close: () => void;
  done?: (addresses: Schemas['Address'][]) => void;
}

export function AllocateAddresses({ from, space, close, done }: AddressProps) {
  const isOne = from.split('-')[0] === from.split('-')[1];
  const [place, setPlace] = useState(from);
  const [count, setCount] = useState('1');
  const [strategy, setStrategy] = useState('first');
  const [name, setName] = useState('');
  const [mac, setMac] = useState('');
  const [owner, setOwner] = useState('');
  const [state, setState] = useState('in_use');
  const [expires, setExpires] = useState('');
  const [description, setDescription] = useState('');
  const notice = useNotice();

  const body = (): Schemas['AllocateRequest'] => ({
    space,
    from: place,
    count: Number(count),
    strategy: strategy as Schemas['AddressStrategy'],
    state: state as Schemas['AddressState'],
    ...(name && { name }),
    ...(mac && { hardware_address: mac }),
    ...(owner && { owner }),
    ...(description && { description }),
    ...(expires && { expires_at: new Date(`${expires}T23:59:59`).toISOString() }),
  });
  const [preview, look, forget] = usePreview(async () => {
    const { changes } = await dryRun('/api/v1/addresses:allocate', { body: body() });
    return changes.filter((change) => change.object_type === 'address').map((change) => change.object_name);
  });
  const changed =
    <V,>(set: (value: V) => void) =>
    (value: V): void => {
      set(value);
      forget();
    };

  async function submit(): Promise<void> {
    const { addresses } = await post('/api/v1/addresses:allocate', { body: body() });
    const texts = addresses.map((each) => each.address);
    notice(
      plural(addresses.length, 'Allocated {first}', '{count} addresses allocated', { first: texts[0] ?? '' }),
      addresses.length > 1 ? shorten(texts) : undefined,
    );
    done?.(addresses);
  }

  return (
    <FormDialog
      title={isOne ? t('Allocate {address}', { address: from.split('-')[0] ?? '' }) : t('Allocate addresses')}
      submitText={t('Allocate')}
      submit={submit}
      close={close}
      canSubmit={Boolean(place && Number(count) > 0)}
      extra={
        !isOne && (
          <Button onClick={look} disabled={preview.busy}>
            {t('Preview')}
          </Button>
        )
      }
    >
      {!isOne && (
        <>
          <TextField
            name="from"
            label={t('From')}
            hint={t('A prefix, or first-last')}
            value={place}
            set={changed(setPlace)}
            required
          />
          <div className="form-pair">
            <TextField name="count" label={t('How many')} type="number" value={count} set={changed(setCount)} />
            <ChoiceField
              name="strategy"
              label={t('Which')}
              value={strategy}
              set={changed(setStrategy)}
              choices={[
                ['first', t('The lowest free')],
                ['next', t('The next after the last')],
                ['random', t('Any')],
                ['sparse', t('Middle of the largest gap')],
              ]}
            />
          </div>
        </>
      )}
      <TextField name="name" label={t('Name')} placeholder="app7.corp.example" value={name} set={setName} autoFocus />
      <div className="form-pair">
        <TextField
          name="hardware_address"
          label={t('MAC address')}
          value={mac}
          set={setMac}
          disabled={Number(count) !== 1}
        />
        <TextField name="owner" label={t('Owner')} value={owner} set={setOwner} />
        <ChoiceField
          name="state"
          label={t('State')}
          value={state}
          set={setState}
          choices={[
            ['in_use', t('In use')],
            ['reserved', t('Reserved')],
            ['inactive', t('Inactive')],
          ]}
        />
        <TextField name="expires_at" label={t('Expires at the end of')} type="date" value={expires} set={setExpires} />
      </div>
      <LongTextField name="description" label={t('Description')} value={description} set={setDescription} />
      <PreviewText
        preview={preview}
        name={(texts) => t('Would be taken: {addresses}', { addresses: shorten(texts) })}
      />
    </FormDialog>
  );
}

export function AllocateSubnets({
  from,
  space,
  close,
  done,
}: {
  from: string;
  space: string;
  close: () => void;
  done?: (subnets: Schemas['Subnet'][]) => void;
}) {
  const outer = Number(from.split('/')[1] ?? 0);
  const isV6 = from.includes(':');
  const [place, setPlace] = useState(from);
  const [length, setLength] = useState(String(isV6 ? Math.max(64, outer) : Math.max(24, Math.min(32, outer))));
  const [count, setCount] = useState('1');
  const [strategy, setStrategy] = useState('first');
  const [name, setName] = useState('');
  const [owner, setOwner] = useState('');
  const [vlan, setVlan] = useState('');
  const notice = useNotice();

  const body = (): Schemas['SubnetAllocateRequest'] => ({
    space,
    from: place,
    length: Number(length),
    count: Number(count),
    strategy: strategy as Schemas['PrefixStrategy'],
    ...(name && { name }),
    ...(owner && { owner }),
    ...(vlan && { vlans: vlan.split(/[ ,]+/).filter(Boolean).map(Number) }),
  });
  const [preview, look, forget] = usePreview(async () => {
    const { changes } = await dryRun('/api/v1/subnets:allocate', { body: body() });
    return changes.filter((change) => change.object_type === 'subnet').map((change) => change.object_name);
  });
  const changed =
    (set: (value: string) => void) =>
    (value: string): void => {
      set(value);
      forget();
    };

  async function submit(): Promise<void> {
    const { subnets } = await post('/api/v1/subnets:allocate', { body: body() });
    notice(
      plural(subnets.length, 'Subnet {first} made', '{count} subnets made', { first: subnets[0]?.prefix ?? '' }),
      subnets.length > 1 ? shorten(subnets.map((each) => each.prefix)) : undefined,
    );
    done?.(subnets);
  }

  return (
    <FormDialog
      title={t('Allocate subnets')}
      submitText={t('Allocate')}
      submit={submit}
      close={close}
      canSubmit={Boolean(place && length && Number(count) > 0)}
      extra={
        <Button onClick={look} disabled={preview.busy}>
          {t('Preview')}
        </Button>
      }
    >
      <div className="form-pair">
        <TextField name="from" label={t('From')} value={place} set={changed(setPlace)} required />
        <TextField
          name="length"
          label={t('Prefix length')}
          type="number"
          before="/"
          value={length}
          set={changed(setLength)}
          required
          autoFocus
        />
        <TextField name="count" label={t('How many')} type="number" value={count} set={changed(setCount)} />
        <ChoiceField
          name="strategy"
          label={t('Where')}
          value={strategy}
          set={changed(setStrategy)}
          choices={[
            ['first', t('The lowest that is free')],
            ['best_fit', t('The smallest gap it fits in')],
            ['sparse', t('With the most room to grow')],
            ['next', t('After the last one')],
            ['random', t('Anywhere')],
          ]}
        />
      </div>
      <TextField name="name" label={t('Name')} value={name} set={setName} />
      <div className="form-pair">
        <TextField name="owner" label={t('Owner')} value={owner} set={setOwner} />
        <TextField name="vlans" label={t('VLANs')} hint={t('Numbers, with commas')} value={vlan} set={setVlan} />
      </div>
      <PreviewText preview={preview} name={(texts) => t('Would be made: {subnets}', { subnets: shorten(texts) })} />
    </FormDialog>
  );
}
