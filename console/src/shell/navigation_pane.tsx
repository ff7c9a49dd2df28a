import { Link, useLocation } from '@tanstack/react-router';
import { useGet } from '../api/queries';
import { t } from '../i18n';
import { places } from './navigation';

interface Props {
  isOpen: boolean;
  close: () => void;
}

export function Navigation({ isOpen, close }: Props) {
  const path = useLocation().pathname;
  const server = useGet('/healthz');
  return (
    <>
      {isOpen && <div className="nav-shade" onClick={close} aria-hidden="true" />}
      <nav className={isOpen ? 'nav nav-open' : 'nav'} aria-label={t('Main')}>
        <ul>
          {places().map((place) => {
            const isHere = place.to === '/' ? path === '/' : path.startsWith(place.to);
            return (
              <li key={place.to}>
                <Link
                  to={place.to}
                  className={isHere ? 'nav-link nav-here' : 'nav-link'}
                  aria-current={path === place.to ? 'page' : undefined}
                >
                  <place.icon fontSize={20} aria-hidden="true" />
                  {place.name}
                </Link>
                {isHere && place.parts && (
                  <ul className="nav-parts">
                    {place.parts.map((part) => (
                      <li key={part.to}>
                        <Link
                          to={part.to}
                          className={path.startsWith(part.to) ? 'nav-part nav-part-here' : 'nav-part'}
                          aria-current={path.startsWith(part.to) ? 'page' : undefined}
                        >
                          {part.name}
                        </Link>
                      </li>
                    ))}
                  </ul>
                )}
              </li>
            );
          })}
        </ul>
        <div className="nav-foot">
          <span>{window.location.host}</span>
          {server.data && <span>{t('Version {version}', { version: server.data.version })}</span>}
        </div>
      </nav>
    </>
  );
}
