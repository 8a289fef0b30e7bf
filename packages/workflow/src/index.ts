export type { Sweep } from './sweep.ts'
export type {
  BeforeWrite,
  Decide,
  DueSet,
  Obligation,
  RecordChange,
  WorkflowDefinition,
  WorkflowLog,
  WorkflowRecords,
} from './types.ts'
export { createWorkflow } from './workflow.ts'
export type { Workflow, WorkflowDeps } from './workflow.ts'
