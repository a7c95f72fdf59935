/** What a person typed, of what Slack made of it: https://api.slack.com/reference/surfaces/formatting#retrieving-messages */
export const slackText = (text: string): string =>
  text
    .replace(/<[@#!][^>]*>/g, ' ')
    .replace(/<([^>|]*)\|([^>]*)>/g, '$2')
    .replace(/<([^>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
