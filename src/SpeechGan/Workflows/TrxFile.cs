using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using SpeechGan.Reports;

namespace SpeechGan.Workflows;

/// <summary>Test records of `dotnet test` (TRX), read as a suite of a night and written as JUnit XML for CI systems.</summary>
internal static class TrxFile
{
    private const string None = "there is no record of it";

    /// <summary>Reads the records of a suite's folder.</summary>
    /// <param name="folder">The folder; its name is the suite's.</param>
    /// <param name="problems">What could not be read is added to them.</param>
    public static NightSuite Read(string folder, List<string> problems)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        int total = 0,
            passed = 0;
        double? seconds = null;
        var failures = new List<NightFailure>();
        foreach (var file in Directory.GetFiles(folder, "*.trx").Order(StringComparer.Ordinal))
        {
            try
            {
                foreach (var result in Load(file).Descendants().Where(e => e.Name.LocalName == "UnitTestResult"))
                {
                    total++;
                    var outcome = (string?)result.Attribute("outcome");
                    passed += outcome == "Passed" ? 1 : 0;
                    if (outcome == "Failed")
                        failures.Add(new NightFailure((string?)result.Attribute("testName") ?? "unnamed", Message(result)));
                    if (TimeSpan.TryParse((string?)result.Attribute("duration"), CultureInfo.InvariantCulture, out var took))
                        seconds = (seconds ?? 0) + took.TotalSeconds;
                }
            }
            catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
            {
                problems.Add($"The record '{file}' cannot be read ({e.Message.TrimEnd('.')}): suite {name} lacks its tests here.");
            }
        }
        return new NightSuite(
            name,
            total,
            passed,
            failures,
            seconds,
            total == 0 ? None
                : passed + failures.Count == 0 ? "every test was skipped"
                : null
        );
    }

    /// <summary>The suites as JUnit XML: counts, and a case for every failed test; a suite that could not run is an error, never a
    /// pass.</summary>
    public static string JUnit(IReadOnlyList<NightSuite> suites)
    {
        var document = new XDocument(
            new XDeclaration("1.0", "utf-8", null),
            new XElement(
                "testsuites",
                suites.Select(suite => new XElement(
                    "testsuite",
                    new XAttribute("name", suite.Name),
                    new XAttribute("tests", Math.Max(suite.Total, suite.Absent is null ? 0 : 1)),
                    new XAttribute("failures", suite.Failures.Count),
                    new XAttribute("errors", suite.Absent is null ? 0 : 1),
                    new XAttribute("skipped", suite.Absent is null ? suite.Skipped : suite.Total),
                    new XAttribute("time", (suite.Seconds ?? 0).ToString("F3", CultureInfo.InvariantCulture)),
                    suite.Absent is { } why
                        ?
                        [
                            new XElement(
                                "testcase",
                                new XAttribute("classname", suite.Name),
                                new XAttribute("name", "runs"),
                                new XElement("error", new XAttribute("message", "could not run: " + Clean(why)))
                            ),
                        ]
                        : suite.Failures.Select(f => new XElement(
                            "testcase",
                            new XAttribute("classname", suite.Name),
                            new XAttribute("name", Clean(f.Name)),
                            new XElement("failure", new XAttribute("message", Clean(f.Message.Split('\n')[0])), Clean(f.Message))
                        ))
                ))
            )
        );
        return document.Declaration + "\n" + document;
    }

    private static XDocument Load(string file)
    {
        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XDocument.Load(reader);
    }

    private static string Message(XElement result) =>
        result.Descendants().FirstOrDefault(e => e.Name.LocalName == "Message")?.Value.Trim() is { Length: > 0 } text
            ? text
            : "it left no message";

    // Test output may hold control characters, which XML has no place for.
    private static string Clean(string text) => string.Concat(text.Where(XmlConvert.IsXmlChar));
}
