import { mediaOf } from './media-object.ts'
import type { PhoneButton, PhoneContent, PhoneTemplate } from './phone-content.ts'
import { asList, asObject, asText, type Body } from './read-body.ts'

/** WhatsApp's own template object: its components fill in header, body and buttons. */
export function templateContent(object: Body): PhoneContent {
  const components = asList(object.components).map((component) => asObject(component) ?? {})
  const ofType = (type: string) => components.filter((component) => asText(component.type)?.toLowerCase() === type)
  const header = parametersOf(ofType('header')[0])[0]
  const body = parametersOf(ofType('body')[0])
  const buttons = ofType('button')
  const [name, locale] = [asText(object.name) ?? 'template', asText(asObject(object.language)?.code)]
  const named = body.flatMap((parameter) => {
    const key = asText(parameter.parameter_name)
    return key === null ? [] : [[key, textOf(parameter)] as const]
  })
  const media = header && mediaOf(header)
  const headerText = header && asText(header.text)
  const template: PhoneTemplate = {
    name,
    parameters: body.map(textOf),
    ...(named.length > 0 ? { named: Object.fromEntries(named) } : {}),
    ...(headerText ? { headerText } : {}),
    ...(buttons.length > 0 ? { buttonValues: Object.fromEntries(buttons.map(valueOfButton)) } : {}),
    ...(locale === null ? {} : { locale }),
  }
  const shown = buttons.flatMap(unknownButton)
  return {
    type: 'template',
    text: `[${name}] ${template.parameters.join(', ')}`.trimEnd(),
    template,
    ...(media ? { media } : {}),
    ...(shown.length > 0 ? { buttons: shown } : {}),
  }
}

function parametersOf(component: Body | undefined): Body[] {
  return asList(component?.parameters).map((parameter) => asObject(parameter) ?? {})
}

/** Amounts and dates carry the text that is shown where the phone cannot format them. */
function textOf(parameter: Body): string {
  const formatted = asObject(parameter.currency) ?? asObject(parameter.date_time)
  return asText(parameter.text) ?? asText(formatted?.fallback_value) ?? ''
}

function valueOfButton(button: Body): [string, string] {
  const parameter = parametersOf(button)[0] ?? {}
  const action = asObject(parameter.action)
  const given = parameter.payload ?? parameter.text ?? parameter.coupon_code ?? action?.flow_token
  return [asText(button.index) ?? JSON.stringify(button.index ?? 0), asText(given) ?? '']
}

/** Of a template that the account does not know only the payloads of quick replies can be shown. */
function unknownButton(button: Body): PhoneButton[] {
  if (asText(button.sub_type)?.toLowerCase() !== 'quick_reply') return []
  const [, value] = valueOfButton(button)
  return value === '' ? [] : [{ kind: 'quick-reply', title: value, value }]
}
