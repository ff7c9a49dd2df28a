import { Checkbox, Field, Input, Select, Textarea } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useFieldError } from './form_dialog';

interface Common {
  /** Of the body, so that what the server refuses stands here. */
  name: string;
  label: string;
  hint?: string | undefined;
  required?: boolean;
}

interface TextProps extends Common {
  value: string;
  set: (value: string) => void;
  type?: 'text' | 'password' | 'number' | 'date' | 'url';
  placeholder?: string;
  autoFocus?: boolean;
  disabled?: boolean;
  before?: ReactNode;
}

export function TextField({
  name,
  label,
  hint,
  required,
  value,
  set,
  type = 'text',
  placeholder,
  autoFocus,
  disabled,
  before,
}: TextProps) {
  const error = useFieldError(name);
  return (
    <Field
      label={label}
      hint={hint}
      required={required ?? false}
      validationMessage={error}
      validationState={error ? 'error' : 'none'}
    >
      <Input
        value={value}
        onChange={(_, data) => set(data.value)}
        type={type}
        placeholder={placeholder}
        autoFocus={autoFocus}
        disabled={disabled}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        contentBefore={before as never}
      />
    </Field>
  );
}

export function LongTextField({
  name,
  label,
  hint,
  value,
  set,
}: Common & { value: string; set: (value: string) => void }) {
  const error = useFieldError(name);
  return (
    <Field label={label} hint={hint} validationMessage={error} validationState={error ? 'error' : 'none'}>
      <Textarea value={value} onChange={(_, data) => set(data.value)} rows={2} resize="vertical" />
    </Field>
  );
}

interface ChoiceProps extends Common {
  value: string;
  set: (value: string) => void;
  choices: [value: string, text: string][];
  disabled?: boolean;
}

export function ChoiceField({ name, label, hint, required, value, set, choices, disabled }: ChoiceProps) {
  const error = useFieldError(name);
  return (
    <Field
      label={label}
      hint={hint}
      required={required ?? false}
      validationMessage={error}
      validationState={error ? 'error' : 'none'}
    >
      <Select value={value} onChange={(_, data) => set(data.value)} disabled={disabled}>
        {choices.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </Select>
    </Field>
  );
}

export function CheckField({
  label,
  checked,
  set,
}: {
  label: string;
  checked: boolean;
  set: (checked: boolean) => void;
}) {
  return <Checkbox label={label} checked={checked} onChange={(_, data) => set(data.checked === true)} />;
}
