using System.Runtime.InteropServices;
using SpeechGan.Distributed.Mpi;
using TorchSharp;

namespace SpeechGan.Tests.Unit.Distributed.Mpi;

/// <summary>Sums in the order of the ranks.</summary>
[RequiresTensorEngine]
internal sealed class RankOrderTests
{
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(7)]
    public unsafe void Each_number_is_added_by_itself_from_rank_0_on(int ranks)
    {
        // Sizes that differ by 12 powers of ten: another order gives other bits. The length fills no vector.
        const int length = 1003;
        var random = new Random(7);
        var parts = Enumerable
            .Range(0, ranks * length)
            .Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 6))))
            .ToArray();
        var sum = new float[length];
        fixed (
            float* p = parts,
                s = sum
        )
            RankOrder.Sum((byte*)p, ranks, length, torch.ScalarType.Float32, (byte*)s);
        for (var i = 0; i < length; i++)
        {
            var expected = parts[i];
            for (var rank = 1; rank < ranks; rank++)
                expected += parts[(rank * length) + i];
            BitConverter.SingleToInt32Bits(sum[i]).Should().Be(BitConverter.SingleToInt32Bits(expected), "number {0}", i);
        }
    }

    [Test]
    public unsafe void Float64_keeps_its_digits()
    {
        double[] parts = [1e16, 1, -0.0, 1, -1e16, -0.0],
            sum = new double[3];
        fixed (
            double* p = parts,
                s = sum
        )
            RankOrder.Sum((byte*)p, 2, 3, torch.ScalarType.Float64, (byte*)s);
        MemoryMarshal
            .Cast<double, long>(sum)
            .ToArray()
            .Should()
            .Equal(new[] { 1e16 + 1, 1 - 1e16, -0.0 }.Select(BitConverter.DoubleToInt64Bits));
    }
}
