using Docker.DotNet.Models;

namespace SpeechGan.Tests.Regression.Containers;

/// <summary>A GPU handed to a container, where this host's Docker can.</summary>
[Category("Container")]
[Category("Gpu")]
public sealed class GpuContainerTests
{
    [Test]
    public async Task The_gpu_suite_passes_in_a_container_that_is_given_the_gpus()
    {
        if (!(await Engine.Client.System.GetSystemInfoAsync()).Runtimes.ContainsKey("nvidia"))
            Assert.Ignore(
                "this host's Docker has no NVIDIA runtime: install the NVIDIA container toolkit on a machine with a GPU, and build the "
                    + "image with SPEECHGAN_BASE_IMAGE naming one with a CUDA build of torch"
            );
        await using var node = await Node.StartAsync(
            ["--filter", "TestCategory=Gpu", "--results-directory", "/tmp/results"],
            [],
            entrypoint: "/speechgan/program/SpeechGan.Tests.GpuIntegration",
            change: p =>
                p.HostConfig!.DeviceRequests = [
                    new DeviceRequest
                    {
                        Count = -1,
                        Capabilities =
                        [
                            ["gpu"],
                        ],
                    },
                ]
        );
        var (code, output, error) = await node.EndAsync();
        TestContext.Out.WriteLine(output);
        code.Should().Be(0, output + error);
        output.Should().MatchRegex("succeeded: [1-9]", "where all are skipped the image's libtorch has no CUDA, and nothing was shown");
    }
}
