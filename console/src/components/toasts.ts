import { Toast, ToastBody, ToastTitle, useToastController, type ToastIntent } from '@fluentui/react-components';
import { createElement, useCallback } from 'react';

export const TOASTER = 'console';

/** Tells what was done. What failed is told where it was asked for, not here. */
export function useNotice(): (title: string, body?: string, intent?: ToastIntent) => void {
  const { dispatchToast } = useToastController(TOASTER);
  return useCallback(
    (title, body, intent = 'success') =>
      dispatchToast(
        createElement(
          Toast,
          null,
          createElement(ToastTitle, null, title),
          body ? createElement(ToastBody, null, body) : null,
        ),
        {
          intent,
          timeout: intent === 'error' ? 12_000 : 5_000,
        },
      ),
    [dispatchToast],
  );
}
