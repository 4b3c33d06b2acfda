/** The element with this id. Throws where the page has none of that type. */
export function find<E extends HTMLElement>(id: string, type: abstract new () => E): E {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no ${type.name} with id ${id}`);
}

/** The first element of this class within another. Throws where there is none. */
export function findWithin(parent: Element, className: string): HTMLElement {
  const element = parent.getElementsByClassName(className)[0];
  if (element instanceof HTMLElement) return element;
  throw new Error(`the page has no .${className} in #${parent.id}`);
}

/** Sets text that changed: what is selected stays selected, and screen readers hear nothing twice. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets a `data-` attribute that changed: the style sheet's handle on a state. */
export function setData(element: HTMLElement, name: string, value: string): void {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

/** A new element. Text is only ever text. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...children: (string | Node)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}
