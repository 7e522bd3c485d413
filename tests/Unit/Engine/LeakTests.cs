using SpeechGan.Configuration;
using SpeechGan.Tests.Unit.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>Tensors are freed by scopes, not by luck: their number is constant over training steps.</summary>
[RequiresTensorEngine]
[NonParallelizable]
internal sealed class LeakTests
{
    [Test]
    public void Twenty_training_steps_leave_the_number_of_live_tensors_as_it_was()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        using (var tiny = new TinyReference(Precision.Float32, TimeReference.Normalized))
        {
            tiny.Step();  // the optimisers' states are made now
            var counts = new List<long>();
            for (var step = 0; step < 20; step++)
            {
                tiny.Step();
                counts.Add(Tensor.TotalCount);
            }
            counts.Should().OnlyContain(c => c == counts[0], "no step leaves a tensor behind");
            counts[0].Should().BeGreaterThan(before);
        }
        Tensor.TotalCount.Should().Be(before, "disposing networks and optimisers frees the rest");
        Tensor.PeakCount.Should().BeGreaterThan(before);
    }
}
