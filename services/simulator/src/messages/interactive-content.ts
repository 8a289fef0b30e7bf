import { mediaOf } from './media-object.ts'
import type { PhoneButton, PhoneContent } from './phone-content.ts'
import { asList, asObject, asText, asUrl, type Body } from './read-body.ts'

/** WhatsApp's interactive objects: reply buttons, lists, links, Flows, products and requests for a location. */
export function interactiveContent(object: Body): PhoneContent {
  const header = asObject(object.header)
  const texts = [header, asObject(object.body), asObject(object.footer)].map((part) => asText(part?.text))
  const media = header === null ? undefined : mediaOf(header)
  const buttons = buttonsOf(asText(object.type) ?? '', asObject(object.action) ?? {})
  const text = texts.filter((part) => part !== null).join('\n')
  return { type: 'custom', text, ...(media ? { media } : {}), ...(buttons.length > 0 ? { buttons } : {}) }
}

function buttonsOf(type: string, action: Body): PhoneButton[] {
  const parameters = asObject(action.parameters) ?? {}
  switch (type) {
    case 'flow': {
      const title = asText(parameters.flow_cta) ?? 'Open'
      return [{ kind: 'flow', title, value: asText(parameters.flow_token) ?? '' }]
    }
    case 'product':
    case 'product_list':
    case 'catalog_message':
      return [{ kind: 'order', title: 'Order', value: JSON.stringify(orderOf(action, parameters)) }]
    case 'location_request_message':
      return [{ kind: 'location', title: 'Send location', value: '' }]
    default:
      return [
        ...asList(action.buttons).flatMap((button) => replyButton(asObject(button)?.reply)),
        ...rowsOf(action).flatMap(replyButton),
        ...linkButton(parameters),
      ]
  }
}

function rowsOf(action: Body): unknown[] {
  return asList(action.sections).flatMap((section) => asList(asObject(section)?.rows))
}

function replyButton(value: unknown): PhoneButton[] {
  const reply = asObject(value)
  const [title, description] = [asText(reply?.title), asText(reply?.description)]
  if (title === null) return []
  const more = description === null ? {} : { description }
  return [{ kind: 'reply', title, value: asText(reply?.id) ?? title, ...more }]
}

function linkButton(parameters: Body): PhoneButton[] {
  const [title, url] = [asText(parameters.display_text), asUrl(parameters.url)]
  return title !== null && url !== null ? [{ kind: 'url', title, value: url }] : []
}

/** One of each product that is offered, as WhatsApp's own order says it. */
function orderOf(action: Body, parameters: Body) {
  const offered = asList(action.sections).flatMap((section) => asList(asObject(section)?.product_items))
  const ids = [action, parameters, ...offered.map((item) => asObject(item) ?? {})].flatMap((item) => {
    const id = asText(item.product_retailer_id) ?? asText(item.thumbnail_product_retailer_id)
    return id === null ? [] : [id]
  })
  return {
    catalog_id: asText(action.catalog_id) ?? 'catalog',
    product_items: ids.map((id) => ({ product_retailer_id: id, quantity: '1', item_price: '10', currency: 'EUR' })),
  }
}
