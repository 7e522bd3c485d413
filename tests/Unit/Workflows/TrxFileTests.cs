using System.Xml.Linq;
using SpeechGan.Tests.Unit.Data;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Workflows;

public sealed class TrxFileTests
{
    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Records_become_a_suite_and_JUnit_XML()
    {
        var suite = Read(
            "Unit",
            """
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
            <UnitTestResult testName="A" outcome="Passed" duration="00:00:01.5000000" />
            <UnitTestResult testName="B" outcome="NotExecuted" />
            <UnitTestResult testName="C" outcome="Failed" duration="00:00:00.5000000"><Output><ErrorInfo><Message>Expected 1 &lt; 0
            more</Message></ErrorInfo></Output></UnitTestResult></Results></TestRun>
            """,
            out var problems
        );
        problems.Should().BeEmpty();
        (suite.Total, suite.Passed, suite.Skipped, suite.Seconds).Should().Be((3, 1, 1, 2.0));
        var junit = XDocument.Parse(TrxFile.JUnit([suite])).Descendants("testsuite").Single();
        (
            (int)junit.Attribute("tests")!,
            (int)junit.Attribute("failures")!,
            (int)junit.Attribute("skipped")!,
            (int)junit.Attribute("errors")!
        )
            .Should()
            .Be((3, 1, 1, 0));
        junit.Descendants("failure").Single().Attribute("message")!.Value.Should().Be("Expected 1 < 0");
    }

    [Test]
    public void A_suite_that_did_not_run_is_an_error_and_never_a_pass()
    {
        var skipped = Read("Gpu", "<TestRun><Results><UnitTestResult testName=\"A\" outcome=\"NotExecuted\"/></Results></TestRun>", out _);
        skipped.Absent.Should().Be("every test was skipped");
        ((int)XDocument.Parse(TrxFile.JUnit([skipped])).Descendants("testsuite").Single().Attribute("errors")!).Should().Be(1);
    }

    [Test]
    public void A_record_that_is_no_XML_is_named()
    {
        Read("Broken", "<TestRun><Results>", out var problems).Absent.Should().Be("there is no record of it");
        problems.Should().ContainSingle().Which.Should().StartWith("The record '").And.EndWith("suite Broken lacks its tests here.");
    }

    private SpeechGan.Reports.NightSuite Read(string name, string trx, out List<string> problems)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder[name]).FullName, "suite.trx"), trx);
        return TrxFile.Read(folder[name], problems = []);
    }
}
