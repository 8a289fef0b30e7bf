import { loadScenario, readScenarios, scenarioOf, scenarioSchema, shippedScenarios } from '../scenarios.ts'
import type { World } from '../world.ts'
import { ControlError, controlRoute, type ControlRoute } from './route.ts'

export function scenarioRoutes(world: World): ControlRoute[] {
  const shipped = readScenarios(shippedScenarios)
  return [
    controlRoute({
      method: 'GET',
      path: '/scenarios',
      summary: 'The scenarios that ship with the simulator',
      handle: () => ({ scenarios: shipped }),
    }),
    controlRoute({
      method: 'GET',
      path: '/scenario',
      summary: 'What is the case now as a scenario: people, threads, windows, settings, faults; to be loaded elsewhere',
      handle: () => scenarioOf(world),
    }),
    controlRoute({
      method: 'POST',
      path: '/scenarios',
      summary: 'Load a scenario given in the body',
      body: scenarioSchema,
      handle: ({ body }) => {
        loadScenario(body, world)
        return { loaded: body.title }
      },
    }),
    controlRoute({
      method: 'POST',
      path: '/scenarios/:name',
      summary: 'Load a scenario that ships with the simulator',
      handle: ({ params }) => {
        const scenario = shipped.find(({ name }) => name === params.name)
        if (!scenario) throw new ControlError(404, `No scenario ${params.name}`)
        loadScenario(scenario, world)
        return { loaded: scenario.name }
      },
    }),
  ]
}
