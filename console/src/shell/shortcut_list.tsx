import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
} from '@fluentui/react-components';
import { t } from '../i18n';
import { shortcuts } from './shortcuts';
import './shortcut_list.css';

export function ShortcutList({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  return (
    <Dialog open={isOpen} onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface className="shortcuts-surface">
        <DialogBody>
          <DialogTitle>{t('Keyboard shortcuts')}</DialogTitle>
          <DialogContent className="shortcuts">
            {shortcuts().map((group) => (
              <section key={group.title}>
                <h3>{group.title}</h3>
                <dl>
                  {group.items.map((item) => (
                    <div key={item.keys.join()}>
                      <dt>
                        {item.keys.map((key) => (
                          <kbd key={key}>{key}</kbd>
                        ))}
                      </dt>
                      <dd>{item.does}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button appearance="primary">{t('Close')}</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
