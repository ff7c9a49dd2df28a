import { Spinner } from '@fluentui/react-components';
import { useState } from 'react';
import { patch, post } from '../../api/client';
import { useAll, useObject } from '../../api/queries';
import type { Block, Subnet } from '../../api/types';
import { ChoiceField, LongTextField, TextField } from '../../components/fields';
import { FormDialog } from '../../components/form_dialog';
import { ErrorState } from '../../components/states';
import { useNotice } from '../../components/toasts';
import { t } from '../../i18n';

interface EditProps {
  kind: 'block' | 'subnet';
  id: string;
  close: () => void;
}

const numbers = (text: string): number[] => text.split(/[ ,]+/).filter(Boolean).map(Number);

/** Waits for the newest revision, so that nobody's change is written over unseen. */
export function EditPrefix({ kind, id, close }: EditProps) {
  const block = useObject('/api/v1/blocks/{id}', id, kind === 'block');
  const subnet = useObject('/api/v1/subnets/{id}', id, kind === 'subnet');
  const answer = kind === 'block' ? block : subnet;
  if (answer.error) return <ErrorState error={answer.error} />;
  if (!answer.data) return <Spinner />;
  return <PrefixForm kind={kind} place={answer.data.data} etag={answer.data.etag} close={close} />;
}

interface FormProps {
  kind: 'block' | 'subnet';
  place: Block | Subnet;
  etag: string | undefined;
  close: () => void;
}

function PrefixForm({ kind, place, etag, close }: FormProps) {
  const subnet = 'vlans' in place ? place : undefined;
  const [name, setName] = useState(place.name);
  const [owner, setOwner] = useState(place.owner);
  const [description, setDescription] = useState(place.description);
  const [vlans, setVlans] = useState(subnet?.vlans.join(', ') ?? '');
  const [over, setOver] = useState(place.over_percent?.toString() ?? '');
  const [under, setUnder] = useState(place.under_percent?.toString() ?? '');
  const [reason, setReason] = useState('');
  const notice = useNotice();

  async function submit(): Promise<void> {
    const common = {
      name,
      owner,
      description,
      over_percent: over ? Number(over) : null,
      under_percent: under ? Number(under) : null,
    };
    const options = { path: { id: place.id }, ifMatch: etag, reason };
    if (kind === 'block') await patch('/api/v1/blocks/{id}', { ...options, body: common });
    else await patch('/api/v1/subnets/{id}', { ...options, body: { ...common, vlans: numbers(vlans) } });
    notice(t('{prefix} was changed', { prefix: place.prefix }));
  }

  return (
    <FormDialog
      title={t('Edit {prefix}', { prefix: place.prefix })}
      submitText={t('Save')}
      submit={submit}
      close={close}
    >
      <TextField name="name" label={t('Name')} value={name} set={setName} autoFocus />
      <TextField name="owner" label={t('Owner')} value={owner} set={setOwner} />
      <LongTextField name="description" label={t('Description')} value={description} set={setDescription} />
      {kind === 'subnet' && (
        <TextField name="vlans" label={t('VLANs')} hint={t('Numbers, with commas')} value={vlans} set={setVlans} />
      )}
      <div className="form-pair">
        <TextField
          name="under_percent"
          label={t('Underutilized below')}
          hint={t('Percent; empty: as the server')}
          type="number"
          value={under}
          set={setUnder}
        />
        <TextField
          name="over_percent"
          label={t('Overutilized from')}
          hint={t('Percent; empty: as the server')}
          type="number"
          value={over}
          set={setOver}
        />
      </div>
      <TextField name="reason" label={t('Reason for the journal')} value={reason} set={setReason} />
    </FormDialog>
  );
}

export function AddPrefix({
  kind,
  space,
  close,
  done,
}: {
  kind: 'block' | 'subnet';
  space: string;
  close: () => void;
  done: (id: string) => void;
}) {
  const spaces = useAll('/api/v1/address_spaces', { sort: 'name' });
  const [where, setWhere] = useState(space);
  const [prefix, setPrefix] = useState('');
  const [name, setName] = useState('');
  const [owner, setOwner] = useState('');
  const [description, setDescription] = useState('');
  const [vlans, setVlans] = useState('');
  const notice = useNotice();

  async function submit(): Promise<void> {
    const body = { space: where, prefix: prefix.trim(), name, owner, description };
    const made =
      kind === 'block'
        ? await post('/api/v1/blocks', { body })
        : await post('/api/v1/subnets', { body: { ...body, ...(vlans && { vlans: numbers(vlans) }) } });
    notice(t('{prefix} was made', { prefix: made.prefix }));
    done(made.id);
  }

  return (
    <FormDialog
      title={kind === 'block' ? t('Add address block') : t('Add subnet')}
      submitText={t('Add')}
      submit={submit}
      close={close}
      canSubmit={prefix.trim() !== ''}
    >
      <div className="form-pair">
        <TextField
          name="prefix"
          label={t('Prefix')}
          placeholder={kind === 'block' ? '10.0.0.0/8' : '10.20.3.0/24'}
          value={prefix}
          set={setPrefix}
          required
          autoFocus
        />
        <ChoiceField
          name="space"
          label={t('Address space')}
          value={where}
          set={setWhere}
          choices={(spaces.data?.items ?? [{ name: space }]).map((each) => [each.name, each.name])}
        />
      </div>
      <TextField name="name" label={t('Name')} value={name} set={setName} />
      <TextField name="owner" label={t('Owner')} value={owner} set={setOwner} />
      {kind === 'subnet' && (
        <TextField name="vlans" label={t('VLANs')} hint={t('Numbers, with commas')} value={vlans} set={setVlans} />
      )}
      <LongTextField name="description" label={t('Description')} value={description} set={setDescription} />
    </FormDialog>
  );
}
