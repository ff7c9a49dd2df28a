import { Button, Field, Input, MessageBar, MessageBarBody, Spinner } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { ApiError, post } from '../api/client';
import { t } from '../i18n';
import { Logo } from './logo';
import './sign_in.css';

interface Props {
  onSignedIn: () => void;
  /** The session was over in the middle of something: that is still there behind this form. */
  userName?: string | undefined;
}

export function SignInForm({ onSignedIn, userName }: Props) {
  const [name, setName] = useState(userName ?? '');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await post('/api/v1/sessions', { body: { user_name: name, password, cookie: true } });
      onSignedIn();
    } catch (failure) {
      setError(failure as ApiError);
      setPassword('');
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="sign-in-form" onSubmit={(event) => void submit(event)}>
      {error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{error.message}</MessageBarBody>
        </MessageBar>
      )}
      <Field label={t('User name')} required>
        <Input value={name} onChange={(_, data) => setName(data.value)} autoComplete="username" autoFocus={!userName} />
      </Field>
      <Field label={t('Password')} required>
        <Input
          type="password"
          value={password}
          onChange={(_, data) => setPassword(data.value)}
          autoComplete="current-password"
          autoFocus={Boolean(userName)}
        />
      </Field>
      <Button
        type="submit"
        appearance="primary"
        size="large"
        disabled={busy || !name || !password}
        icon={busy ? <Spinner size="tiny" /> : undefined}
      >
        {t('Sign in')}
      </Button>
    </form>
  );
}

export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Logo size={40} />
        <h1>Cadastre</h1>
        <p>{t('IP address management')}</p>
        <SignInForm onSignedIn={onSignedIn} />
        <p className="sign-in-hint">
          {t(
            'On a new server the user is admin; the password of the first start is in the file first-password of the data folder.',
          )}
        </p>
      </div>
      <p className="sign-in-host">{window.location.host}</p>
    </main>
  );
}
