using System.Text;
using SpeechGan.Diagnostics;
using SpeechGan.Import;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Import;

/// <summary>Foreign records in memory.</summary>
internal static class Sources
{
    public static SourceFiles Of(string name, string text) => Of(name, Encoding.UTF8.GetBytes(text));

    public static SourceFiles Of(string name, byte[] bytes) => new(name, [(name, name, bytes)], IsFolder: false);

    public static SourceFiles Folder(params (string Name, byte[] Bytes)[] files) =>
        new("folder", [.. files.Select(f => (f.Name, f.Name, f.Bytes))], IsFolder: true);

    public static RunRecord Read(string name, string text, string? kind = null, params string[] map) =>
        Importer.Read(Of(name, text), kind, map, null);

    public static string Refusal(string name, string text, string? kind = null, params string[] map) =>
        FluentActions.Invoking(() => Read(name, text, kind, map)).Should().Throw<ImportException>().Which.Message;

    public static Finding Finding(this RunRecord run, string id) => Verdict.Of(run).Findings.Single(f => f.Id == id);
}
