using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using SpeechGan.Reports;

namespace SpeechGan.Tests.Unit.Reports;

/// <summary>
/// A page as a browser cuts it: tags with their attributes, texts, and the raw contents of scripts and styles. Strict where a browser
/// forgives: tags must close in order, ids must differ.
/// </summary>
internal sealed partial class PageReader
{
    private static readonly string[] Void = ["meta", "link", "img", "br", "hr", "input"];
    private static readonly string[] Raw = ["script", "style"];

    public PageReader(string page)
    {
        var open = new Stack<string>();
        var text = new System.Text.StringBuilder();
        for (var at = 0; at < page.Length; )
        {
            if (page[at] != '<')
            {
                var next = page.IndexOf('<', at) is >= 0 and var n ? n : page.Length;
                text.Append(WebUtility.HtmlDecode(page[at..next]));
                at = next;
                continue;
            }

            if (page.AsSpan(at).StartsWith("<!DOCTYPE html>"))
            {
                at += "<!DOCTYPE html>".Length;
                continue;
            }
            var tag = Tag().Match(page, at);
            tag.Success.Should().BeTrue("a < begins a tag: {0}", page.Substring(at, Math.Min(60, page.Length - at)));
            at += tag.Length;
            var name = tag.Groups["name"].Value;
            text.Append(' ');
            if (tag.Groups["close"].Length > 0)
            {
                open.Pop().Should().Be(name);
                continue;
            }
            var attributes = Attribute()
                .Matches(tag.Groups["attributes"].Value)
                .ToDictionary(a => a.Groups["key"].Value, a => WebUtility.HtmlDecode(a.Groups["value"].Value));
            Tags.Add((name, attributes));
            if (Void.Contains(name))
                continue;
            if (Raw.Contains(name))
            {
                var end = page.IndexOf($"</{name}", at, StringComparison.OrdinalIgnoreCase);
                Contents.Add((name, attributes.GetValueOrDefault("id"), page[at..end]));
                at = page.IndexOf('>', end) + 1;
                continue;
            }

            open.Push(name);
        }

        open.Should().BeEmpty();
        Text = Blanks().Replace(text.ToString(), " ");
        Tags.Select(t => t.Attributes.GetValueOrDefault("id")).OfType<string>().Should().OnlyHaveUniqueItems();
    }

    public List<(string Name, Dictionary<string, string> Attributes)> Tags { get; } = [];

    public List<(string Name, string? Id, string Text)> Contents { get; } = [];

    public string Text { get; }

    public IReadOnlyList<JsonElement> Charts =>
        [.. JsonDocument.Parse(Contents.Single(c => c.Id == ReportPage.ChartsId).Text).RootElement.EnumerateArray()];

    public JsonElement Chart(string id) => Charts.Single(c => c.GetProperty("id").GetString() == id);

    public IReadOnlyList<(double X, double? Y)> Series(string chart, string label)
    {
        var (table, series) = Chart(chart)
            .GetProperty("tables")
            .EnumerateArray()
            .SelectMany(t => t.GetProperty("series").EnumerateArray().Select(s => (Table: t, Series: s)))
            .Single(s => s.Series.GetProperty("label").GetString() == label);
        return
        [
            .. table
                .GetProperty("x")
                .EnumerateArray()
                .Select(x => x.GetDouble())
                .Zip(
                    series
                        .GetProperty("values")
                        .EnumerateArray()
                        .Select(v => v.ValueKind == JsonValueKind.Null ? (double?)null : v.GetDouble())
                ),
        ];
    }

    [GeneratedRegex("""\G<(?<close>/?)(?<name>[a-z][a-z0-9]*)(?<attributes>(?:\s+[a-z-]+(?:="[^"<]*")?)*)\s*>""")]
    private static partial Regex Tag();

    [GeneratedRegex("""(?<key>[a-z-]+)(?:="(?<value>[^"<]*)")?""")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
