namespace SpeechGan.Tests.Regression.Containers;

/// <summary>The goldens in an image that holds the program, libtorch and nothing else: no network, no .NET, nothing of this machine but its
/// processor.</summary>
[Category("Container")]
public sealed class HermeticGoldenTests
{
    [Test]
    public async Task Every_golden_holds_without_a_network_on_a_read_only_system()
    {
        await using var node = await Node.StartAsync(["golden", "check"], []);
        var (code, output, error) = await node.EndAsync();
        TestContext.Out.WriteLine(output);
        code.Should().Be(0, output + error);
        var total = Directory.GetFiles(Repository.PathOf("golden", "trajectories"), "*.verified.txt").Length;
        output.Should().EndWith($"{total} of {total} goldens hold.");
    }

    [Test]
    public async Task A_golden_that_does_not_hold_fails_and_leaves_what_it_received_outside()
    {
        // Weights that were changed: the scenarios begin elsewhere.
        var golden = Directory.CreateTempSubdirectory("speechgan-golden-").FullName;
        try
        {
            Copy(Repository.PathOf("golden"), golden);
            File.Copy(Path.Combine(golden, "networks", "generator.safetensors"), Path.Combine(golden, "kept"));
            var weights = File.ReadAllBytes(Path.Combine(golden, "networks", "generator.safetensors"));
            for (var i = weights.Length - 4000; i < weights.Length; i += 4)
                BitConverter.TryWriteBytes(weights.AsSpan(i), BitConverter.ToSingle(weights, i) * 1.5f);
            File.WriteAllBytes(Path.Combine(golden, "networks", "generator.safetensors"), weights);
            await using var node = await Node.StartAsync(["golden", "check", "healthy-seed-1", "--golden", golden], [], golden);
            var (code, output, error) = await node.EndAsync();
            code.Should().Be(1, output + error);
            (output + error).Should().Contain("healthy-seed-1").And.Contain("epoch 1");
            Directory
                .GetFiles(Path.Combine(golden, "trajectories"), "*.received.txt")
                .Select(Path.GetFileName)
                .Should()
                .Equal("healthy-seed-1.received.txt");
        }
        finally
        {
            Directory.Delete(golden, recursive: true);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (
            var file in Directory
                .GetFiles(from, "*", SearchOption.AllDirectories)
                .Where(f => !f.Contains(".received.", StringComparison.Ordinal))
        )
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
