import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  MessageBar,
  MessageBarBody,
  Spinner,
} from '@fluentui/react-components';
import { createContext, useContext, useMemo, useState, type FormEvent, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { t } from '../i18n';
import './form_dialog.css';

const FormError = createContext<{ error: ApiError | undefined; claim: (name: string) => void }>({
  error: undefined,
  claim: () => undefined,
});

/** What the server said of this field of the body; then it need not be said above the form too. */
export function useFieldError(name: string): string | undefined {
  const { error, claim } = useContext(FormError);
  claim(name);
  return error?.field(name);
}

interface Props {
  title: string;
  submitText: string;
  /** Throws an ApiError for what was refused. The dialog stays open then, with everything that was typed. */
  submit: () => Promise<unknown>;
  close: () => void;
  canSubmit?: boolean;
  danger?: boolean;
  wide?: boolean;
  children: ReactNode;
  /** Beside the buttons: a preview, say. */
  extra?: ReactNode;
}

export function FormDialog({
  title,
  submitText,
  submit,
  close,
  canSubmit = true,
  danger,
  wide,
  children,
  extra,
}: Props) {
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const [known] = useState(() => new Set<string>());
  const context = useMemo(() => ({ error, claim: (name: string) => void known.add(name) }), [error, known]);
  const isOnField = error?.fields.length && error.fields.every((each) => known.has(each.pointer.split('/')[1] ?? ''));

  async function run(event: FormEvent): Promise<void> {
    event.preventDefault();
    event.stopPropagation();
    if (busy || !canSubmit) return;
    setBusy(true);
    setError(undefined);
    try {
      await submit();
      close();
    } catch (failure) {
      // A session that is over is told by the shell, over this dialog; then the same can be sent again.
      if (failure instanceof ApiError && failure.status === 401) return;
      setError(failure instanceof ApiError ? failure : new ApiError(0, 'internal', String(failure)));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog open onOpenChange={(_, data) => !data.open && !busy && close()}>
      <DialogSurface aria-describedby={undefined} className={wide ? 'form-wide' : 'form-narrow'}>
        <form onSubmit={(event) => void run(event)} noValidate>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className="form-content">
              {error && !isOnField && (
                <MessageBar intent="error" layout="multiline">
                  <MessageBarBody>{error.message}</MessageBarBody>
                </MessageBar>
              )}
              <FormError.Provider value={context}>{children}</FormError.Provider>
            </DialogContent>
            <DialogActions>
              {extra}
              <Button
                type="submit"
                appearance="primary"
                className={danger ? 'button-danger' : undefined}
                disabled={busy || !canSubmit}
                icon={busy ? <Spinner size="tiny" /> : undefined}
              >
                {submitText}
              </Button>
              <Button type="button" onClick={close} disabled={busy}>
                {t('Cancel')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
