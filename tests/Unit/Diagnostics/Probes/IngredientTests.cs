using SpeechGan.Diagnostics.Probes;

namespace SpeechGan.Tests.Unit.Diagnostics.Probes;

public sealed class IngredientTests
{
    [Test]
    public void Only_what_would_change_the_run_is_tried()
    {
        Ids(RunConfig.FromPreset("cmgan")).Should().Equal("gan-off", "gan-0.2", "freeze-discriminator", "tenth-learning-rate");
        Ids(RunConfig.FromPreset("upstream"))
            .Should()
            .Equal(
                "mask-samples",
                "normalise-time-reference",
                "shuffle-each-epoch",
                "gan-off",
                "gan-0.2",
                "freeze-discriminator",
                "tenth-learning-rate"
            );
    }

    [Test]
    public void Without_a_discriminator_nothing_is_tried_that_needs_one() =>
        Ids(RunConfig.FromPreset("upstream").With(["loss.weights.gan=0"]))
            .Should()
            .Equal("normalise-time-reference", "shuffle-each-epoch", "tenth-learning-rate");

    [Test]
    public void Each_changes_its_own_knobs_alone()
    {
        var config = RunConfig.FromPreset("upstream").With(["optimizer.generatorLearningRate=0.003"]);
        foreach (var ingredient in Ingredient.For(config))
            ingredient
                .Of(config)
                .DifferencesTo(config)
                .Select(d => d.Key)
                .Should()
                .BeEquivalentTo(ingredient.Knobs.Select(k => k.Split('=')[0]));
        Ingredient
            .For(config)
            .Single(i => i.Id == "tenth-learning-rate")
            .Of(config)
            .Optimizer.GeneratorLearningRate.Should()
            .BeApproximately(0.0003, 1e-12);
        Ingredient.Unchanged.Of(config).Should().Be(config);
    }

    private static IEnumerable<string> Ids(RunConfig config) => Ingredient.For(config).Select(i => i.Id);
}
