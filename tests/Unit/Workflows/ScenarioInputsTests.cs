using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Workflows;

public sealed class ScenarioInputsTests
{
    [TestCase("src/SpeechGan/Losses/TimeLoss.cs", 18)]
    [TestCase("golden/corpus/train/clean/a.wav", 18)]
    [TestCase("golden/networks/generator.safetensors", 18)]
    [TestCase("Directory.Packages.props", 18)]
    [TestCase("golden/trajectories/tolerances.txt", 18)]
    [TestCase("golden/trajectories/gan-0.2-seed-1.verified.txt", 1)]
    [TestCase("docs/goldens.md", 0)]
    [TestCase("tests/Unit/Goldens/GoldenTextTests.cs", 0)]
    [TestCase("src/SpeechGan/Reports/ReportPage.cs", 0)]
    [TestCase("src/SpeechGan/ReportsOfMine.cs", 18)]
    public void A_change_moves_the_scenarios_whose_input_it_is(string path, int goldens) =>
        ScenarioInputs.Changed(Scenarios.Goldens, ["README.md", path]).Should().HaveCount(goldens);
}
