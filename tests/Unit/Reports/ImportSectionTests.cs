using SpeechGan.Tests.Unit.Import;
using static SpeechGan.Tests.Unit.Reports.ReportSamples;

namespace SpeechGan.Tests.Unit.Reports;

public sealed class ImportSectionTests
{
    [Test]
    public void A_foreign_run_s_page_says_what_it_is_has_the_curves_that_exist_and_names_what_would_record_the_others()
    {
        var run = SpeechGan.Import.Importer.Read(Repository.PathOf("docs", "examples", "mission.csv"));
        var page = new PageReader(Page([Judged("mission", run)]));
        page.Series("pesq", "enhanced").Should().Equal((2, 2.64), (7, 2.21), (14, 2.07));
        page.Series("loss", "generator, epoch mean").Should().Equal((2, 0.1098), (7, 0.1050), (14, 0.1092));
        page.Text.Should()
            .Contain("Imported as csv from the table 'mission.csv'")
            .And.Contain("pesq is PESQ, guessed by its name")
            .And.Contain("The batch size breaks InstanceNorm.")
            .And.Contain("Not recorded: what to measure next, in this order")
            .And.Contain("Not recorded by the table 'mission.csv'. To record it: recorder.step(..., grad=")
            .And.Contain("Single utterances are not recorded by the table 'mission.csv'.")
            .And.NotContain("No step was taken yet")
            .And.NotContain("No batch was seen yet")
            .And.NotContain("No utterance was evaluated yet");
    }

    [Test]
    public void A_run_of_this_program_has_no_such_section() =>
        new PageReader(Page(Run(2.0))).Text.Should().NotContain("Imported").And.NotContain("what to measure next");

    [Test]
    public void Names_of_a_foreign_table_cannot_become_markup() =>
        Page([Judged("x", Sources.Read("t.csv", "epoch,loss,\"<script>x</script>\"\n1,0.2,2\n2,0.1,2\n", null, "pesq=<script>x</script>"))])
            .Should()
            .NotContain("<script>x")
            .And.Contain("&lt;script&gt;x");
}
