import {
  Avatar,
  Button,
  Dialog,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  FluentProvider,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Spinner,
  Toaster,
  Tooltip,
} from '@fluentui/react-components';
import { KeyboardRegular, NavigationRegular, SearchRegular, SignOutRegular } from '@fluentui/react-icons';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { onSignedOut, remove } from '../api/client';
import { useEvents, useStreamState } from '../api/events';
import { queryClient, useGet } from '../api/queries';
import type { Me } from '../api/types';
import { ErrorState } from '../components/states';
import { TOASTER } from '../components/toasts';
import { t } from '../i18n';
import { groupName } from '../lib/format';
import { ChangePassword } from './change_password';
import { Logo } from './logo';
import { Navigation } from './navigation_pane';
import { CommandPalette } from './palette';
import { SessionContext } from './session';
import { useShortcuts } from './shortcuts';
import { ShortcutList } from './shortcut_list';
import { SignInForm, SignInPage } from './sign_in';
import { useTheme, type ThemeChoice } from './theme';
import './shell.css';

/** The whole console: who is signed in, and around the pages what they have in common. */
export function Shell() {
  const { theme, choice, choose } = useTheme();
  const me = useGet('/api/v1/me');
  const [isOver, setOver] = useState(false);
  useEffect(() => onSignedOut(() => setOver(true)), []);

  function signedIn(): void {
    setOver(false);
    // Back into the form that was open, which the browser's helpers would take for hidden otherwise.
    window.setTimeout(() => document.querySelector<HTMLElement>('[role="dialog"] input')?.focus(), 300);
    void queryClient.invalidateQueries();
  }

  let content;
  if (me.data) {
    content = (
      <SessionContext.Provider value={me.data}>
        <Frame me={me.data} choice={choice} choose={choose} />
        <Dialog open={isOver} modalType="alert">
          <DialogSurface aria-describedby={undefined} className="session-over">
            <DialogBody>
              <DialogTitle>{t('Your session is over')}</DialogTitle>
              <DialogContent>
                <p>{t('Sign in again and go on where you were: nothing that you typed is lost.')}</p>
                <SignInForm onSignedIn={signedIn} userName={me.data.user_name} />
              </DialogContent>
            </DialogBody>
          </DialogSurface>
        </Dialog>
      </SessionContext.Provider>
    );
  } else if (me.error?.status === 401) content = <SignInPage onSignedIn={signedIn} />;
  else if (me.error) content = <ErrorState error={me.error} retry={() => void me.refetch()} />;
  else content = <Spinner className="shell-wait" label={t('Loading')} />;

  return (
    <FluentProvider theme={theme} className="console">
      {content}
      <Toaster toasterId={TOASTER} position="bottom-end" limit={4} />
    </FluentProvider>
  );
}

interface FrameProps {
  me: Me;
  choice: ThemeChoice;
  choose: (choice: ThemeChoice) => void;
}

function Frame({ me, choice, choose }: FrameProps) {
  useEvents();
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const [navigationOpen, setNavigationOpen] = useState(false);
  const path = useLocation().pathname;
  useShortcuts({ search: () => setPaletteOpen(true), help: () => setHelpOpen(true) });
  useEffect(() => setNavigationOpen(false), [path]);
  return (
    <div className="frame">
      <a className="skip" href="#page">
        {t('Skip to the page')}
      </a>
      <header className="top">
        <Button
          className="top-button top-menu"
          appearance="transparent"
          icon={<NavigationRegular />}
          aria-label={t('Navigation')}
          aria-expanded={navigationOpen}
          onClick={() => setNavigationOpen(!navigationOpen)}
        />
        <span className="top-name">
          <Logo size={26} onBrand />
          Cadastre
        </span>
        <button type="button" className="top-search" onClick={() => setPaletteOpen(true)}>
          <SearchRegular fontSize={18} aria-hidden="true" />
          <span>{t('Search addresses, MACs, hosts, servers, pages')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <div className="top-end">
          <StreamMark />
          <Tooltip content={t('Keyboard shortcuts (?)')} relationship="label">
            <Button
              className="top-button top-keys"
              appearance="transparent"
              icon={<KeyboardRegular />}
              onClick={() => setHelpOpen(true)}
            />
          </Tooltip>
          <UserMenu me={me} choice={choice} choose={choose} />
        </div>
      </header>
      <Navigation isOpen={navigationOpen} close={() => setNavigationOpen(false)} />
      <main id="page" className="page" tabIndex={-1}>
        <Outlet />
      </main>
      <CommandPalette isOpen={paletteOpen} close={() => setPaletteOpen(false)} chooseTheme={choose} />
      <ShortcutList isOpen={helpOpen} close={() => setHelpOpen(false)} />
    </div>
  );
}

function StreamMark() {
  const state = useStreamState();
  if (state !== 'lost') return null;
  return (
    <span className="stream-lost" role="status">
      {t('No live updates: connecting again')}
    </span>
  );
}

function UserMenu({ me, choice, choose }: FrameProps) {
  const [changing, setChanging] = useState(false);

  async function signOut(): Promise<void> {
    await remove('/api/v1/sessions/current').catch(() => undefined);
    window.location.assign('/');
  }

  return (
    <>
      <Menu
        checkedValues={{ theme: [choice] }}
        onCheckedValueChange={(_, data) => choose(data.checkedItems[0] as ThemeChoice)}
      >
        <MenuTrigger disableButtonEnhancement>
          <Button
            className="top-button"
            appearance="transparent"
            aria-label={t('{name}: account and appearance', { name: me.user_name })}
            icon={<Avatar name={me.user_name} size={28} color="brand" />}
          />
        </MenuTrigger>
        <MenuPopover>
          <div className="user-head">
            <strong>{me.user_name}</strong>
            <span>{groupName(me.access_group)}</span>
          </div>
          <MenuList>
            <MenuDivider />
            <MenuItemRadio name="theme" value="system">
              {t('As the system')}
            </MenuItemRadio>
            <MenuItemRadio name="theme" value="light">
              {t('Light')}
            </MenuItemRadio>
            <MenuItemRadio name="theme" value="dark">
              {t('Dark')}
            </MenuItemRadio>
            <MenuDivider />
            <MenuItem icon={<KeyboardRegular />} onClick={() => setChanging(true)}>
              {t('Change password')}
            </MenuItem>
            <MenuItem icon={<SignOutRegular />} onClick={() => void signOut()}>
              {t('Sign out')}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      {changing && <ChangePassword close={() => setChanging(false)} />}
    </>
  );
}
