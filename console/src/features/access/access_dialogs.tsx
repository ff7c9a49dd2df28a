import { useState } from 'react';
import { patch, post } from '../../api/client';
import type { Schemas } from '../../api/types';
import { CheckField, ChoiceField, LongTextField, TextField } from '../../components/fields';
import { FormDialog } from '../../components/form_dialog';
import { useNotice } from '../../components/toasts';
import { t } from '../../i18n';
import { groupName } from '../../lib/format';
import './access.css';

type Group = Schemas['Group'];
const GROUPS: Group[] = [
  'ipam_users',
  'ipam_ip_audit_administrators',
  'ipam_msm_administrators',
  'ipam_asm_administrators',
  'ipam_administrators',
];
const choices = (): [string, string][] => GROUPS.map((group) => [group, groupName(group)]);

export function UserDialog({ user, close }: { user?: Schemas['User']; close: () => void }) {
  const [name, setName] = useState(user?.name ?? '');
  const [password, setPassword] = useState('');
  const [group, setGroup] = useState<string>(user?.access_group ?? 'ipam_users');
  const [enabled, setEnabled] = useState(user?.enabled ?? true);
  const [description, setDescription] = useState(user?.description ?? '');
  const notice = useNotice();
  async function submit(): Promise<void> {
    const common = { access_group: group as Group, description };
    if (user)
      await patch('/api/v1/users/{id}', {
        path: { id: user.id },
        body: { ...common, enabled, ...(password && { password }) },
      });
    else await post('/api/v1/users', { body: { ...common, name, password } });
    notice(user ? t('{name} was changed', { name }) : t('{name} was added', { name }));
  }
  return (
    <FormDialog
      title={user ? t('Edit {name}', { name: user.name }) : t('Add user')}
      submitText={user ? t('Save') : t('Add')}
      submit={submit}
      close={close}
      canSubmit={Boolean(user ?? (name && password))}
    >
      <TextField
        name="name"
        label={t('User name')}
        value={name}
        set={setName}
        required
        disabled={Boolean(user)}
        autoFocus={!user}
      />
      <TextField
        name="password"
        label={user ? t('New password') : t('Password')}
        hint={user ? t('Empty: as it is') : undefined}
        type="password"
        value={password}
        set={setPassword}
        required={!user}
      />
      <ChoiceField name="access_group" label={t('Group')} value={group} set={setGroup} choices={choices()} />
      {user && <CheckField label={t('May sign in')} checked={enabled} set={setEnabled} />}
      <LongTextField name="description" label={t('Description')} value={description} set={setDescription} />
    </FormDialog>
  );
}

export function AddToken({ close, made }: { close: () => void; made: (secret: string) => void }) {
  const [name, setName] = useState('');
  const [group, setGroup] = useState<string>('ipam_users');
  const [expires, setExpires] = useState('');
  async function submit(): Promise<void> {
    const token = await post('/api/v1/tokens', {
      body: {
        name,
        access_group: group as Group,
        ...(expires && { expires_at: new Date(`${expires}T23:59:59`).toISOString() }),
      },
    });
    made((token as { token: string }).token);
  }
  return (
    <FormDialog
      title={t('Add API token')}
      submitText={t('Add')}
      submit={submit}
      close={close}
      canSubmit={name.trim() !== ''}
    >
      <TextField
        name="name"
        label={t('Name')}
        placeholder={t('What uses it')}
        value={name}
        set={setName}
        required
        autoFocus
      />
      <ChoiceField name="access_group" label={t('Gives at most')} value={group} set={setGroup} choices={choices()} />
      <TextField name="expires_at" label={t('Expires at the end of')} type="date" value={expires} set={setExpires} />
    </FormDialog>
  );
}
