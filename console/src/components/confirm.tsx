import type { ReactNode } from 'react';
import { FormDialog } from './form_dialog';

/** Asks once more before something is lost. */
export function Confirm({
  title,
  children,
  action,
  run,
  close,
}: {
  title: string;
  children: ReactNode;
  action: string;
  run: () => Promise<unknown>;
  close: () => void;
}) {
  return (
    <FormDialog title={title} submitText={action} submit={run} close={close} danger>
      <div>{children}</div>
    </FormDialog>
  );
}
