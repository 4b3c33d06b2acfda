import { bannerOf } from "../model/banner.ts";
import type { View } from "../model/viewer-state.ts";
import { find, setData, setText } from "./elements.ts";

/** What is not as it should be, large. Screen readers are told when it changes. */
export function bannerView(): View {
  const banner = find("banner", HTMLElement);
  const title = find("banner-title", HTMLElement);
  const text = find("banner-text", HTMLElement);
  return (viewer) => {
    const shown = bannerOf(viewer);
    setData(banner, "level", shown.level);
    setText(title, shown.title);
    setText(text, shown.text);
    // The style sheet dims what is from before.
    setData(document.body, "connection", viewer.connection.status);
  };
}
