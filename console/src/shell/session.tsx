import { createContext, useContext } from 'react';
import type { Me } from '../api/types';

export const SessionContext = createContext<Me | undefined>(undefined);

/** Who is signed in. Only below the shell, which shows nothing before that is known. */
export function useMe(): Me {
  const me = useContext(SessionContext);
  if (!me) throw new Error('nobody is signed in here');
  return me;
}

/** What the groups may do, as docs/api.md says it: so that nobody is offered what the server would refuse. */
export type Right =
  | 'plan'
  | 'addresses'
  | 'servers'
  | 'tasks'
  | 'journal'
  | 'users'
  | 'refusals'
  | 'tracking'
  | 'configuration'
  | 'changes';

const GROUPS: Record<Right, string[]> = {
  plan: ['ipam_asm_administrators'],
  addresses: ['ipam_asm_administrators', 'ipam_msm_administrators'],
  servers: ['ipam_msm_administrators'],
  changes: ['ipam_msm_administrators'],
  tasks: ['ipam_asm_administrators', 'ipam_msm_administrators', 'ipam_ip_audit_administrators'],
  journal: ['ipam_asm_administrators', 'ipam_msm_administrators', 'ipam_ip_audit_administrators'],
  refusals: ['ipam_ip_audit_administrators'],
  tracking: ['ipam_ip_audit_administrators'],
  users: [],
  configuration: [],
};

export function may(me: Me, right: Right): boolean {
  return me.access_group === 'ipam_administrators' || GROUPS[right].includes(me.access_group);
}

export function useMay(right: Right): boolean {
  return may(useMe(), right);
}
