import { useState } from 'react';
import { ApiError, put } from '../api/client';
import { TextField } from '../components/fields';
import { FormDialog } from '../components/form_dialog';
import { t } from '../i18n';

export function ChangePassword({ close }: { close: () => void }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');

  async function submit(): Promise<void> {
    if (next !== again)
      throw new ApiError(400, 'invalid_argument', '', [{ pointer: '/again', detail: t('is not the same as above') }]);
    await put('/api/v1/me/password', { body: { current_password: current, new_password: next } });
    window.location.reload(); // every session of the user has ended
  }

  return (
    <FormDialog
      title={t('Change password')}
      submitText={t('Change password')}
      submit={submit}
      close={close}
      canSubmit={Boolean(current && next && again)}
    >
      <p className="quiet">{t('All your sessions end, this one too: sign in again with the new password.')}</p>
      <TextField
        name="current_password"
        label={t('Current password')}
        type="password"
        value={current}
        set={setCurrent}
        required
        autoFocus
      />
      <TextField name="new_password" label={t('New password')} type="password" value={next} set={setNext} required />
      <TextField name="again" label={t('New password again')} type="password" value={again} set={setAgain} required />
    </FormDialog>
  );
}
